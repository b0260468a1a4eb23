import CCurl

/// libcurl's handle: one transfer at a time, and the connections it keeps.
///
/// `@unchecked Sendable` holds because a handle is either among the client's idle ones, under its lock, or
/// in the hands of the one call that took it from there.
final class EasyHandle: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer
    /// Where libcurl puts the words of an error.
    private let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    /// Once in a process, before any handle.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init() throws(HTTPClientError) {
        guard Self.isReady, let handle = curl_easy_init() else {
            words.deallocate()
            throw HTTPClientError(.other, "libcurl cannot be initialised")
        }
        self.handle = handle
    }

    deinit {
        curl_easy_cleanup(handle)
        words.deallocate()
    }

    /// - Parameter silence: nil for one time limit on all of it; else the time without a byte after which it ends.
    func perform(
        _ request: HTTPClient.Request,
        _ settings: HTTPClient.Settings,
        _ receiver: AnswerReceiver,
        silence: Duration? = nil
    ) throws(HTTPClientError) -> HTTPClient.Response {
        let usualTimeout = silence == nil ? settings.timeout : HTTPClient.unlimited
        prepare(request.url, settings, timeout: request.timeout ?? usualTimeout)
        if let silence {
            timberline_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
            timberline_curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, max(1, silence.curlMilliseconds / 1_000))
        }
        let context = Unmanaged.passUnretained(receiver).toOpaque()
        timberline_curl_set_receiver(handle, CURLOPT_HEADERFUNCTION, receiveLine)
        timberline_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        timberline_curl_set_receiver(handle, CURLOPT_WRITEFUNCTION, receiveBody)
        timberline_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        let list = fieldList(request.fields)
        defer { curl_slist_free_all(list) }
        timberline_curl_set_pointer(handle, CURLOPT_HTTPHEADER, list)
        setMethod(request)
        // The body's bytes stay where they are while libcurl reads them.
        let code = withExtendedLifetime(receiver) {
            (request.body ?? []).withUnsafeBytes { bytes in
                if request.body != nil {
                    let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                    timberline_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
                    // Null would mean to ask for the body; of none, any place will do.
                    let place = start ?? UnsafeMutableRawPointer(words)
                    timberline_curl_set_pointer(handle, CURLOPT_POSTFIELDS, place)
                }
                return curl_easy_perform(handle)
            }
        }
        if receiver.hasStopped {
            throw HTTPClientError(.stopped, "\(request.place): its body is wanted no more", status: status)
        }
        try check(code, request.place)
        return HTTPClient.Response(status: status ?? 0, fields: receiver.fields, body: receiver.body)
    }

    /// Connects and no more.
    func connect(_ url: String, _ settings: HTTPClient.Settings) throws(HTTPClientError) {
        prepare(url, settings, timeout: settings.connectTimeout)
        timberline_curl_set_long(handle, CURLOPT_CONNECT_ONLY, 1)
        try check(curl_easy_perform(handle), "connect to \(HTTPClientError.shown(url))")
    }

    /// Forgets the last transfer, but not its connection.
    private func prepare(_ url: String, _ settings: HTTPClient.Settings, timeout: Duration) {
        curl_easy_reset(handle)
        words[0] = 0
        timberline_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words)
        timberline_curl_set_text(handle, CURLOPT_URL, url)
        timberline_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        timberline_curl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // A signature covers the path: dots in it stay.
        timberline_curl_set_long(handle, CURLOPT_PATH_AS_IS, 1)
        // Time limits by signals are not for programs with threads.
        timberline_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        timberline_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, settings.connectTimeout.curlMilliseconds)
        timberline_curl_set_long(handle, CURLOPT_TIMEOUT_MS, timeout.curlMilliseconds)
        if !settings.usesProxies { timberline_curl_set_text(handle, CURLOPT_PROXY, "") }
        setAuthorities(settings.authorityFile)
    }

    /// One file, and not a directory besides: that would be trusted too, and switches off libcurl's
    /// cache of parsed certificates.
    private func setAuthorities(_ file: String?) {
        // Without a file the directory is all there is.
        guard let file = file ?? systemAuthorities else { return }
        timberline_curl_set_text(handle, CURLOPT_CAINFO, file)
        timberline_curl_set_text(handle, CURLOPT_CAPATH, nil)
    }

    /// libcurl's own, or those of another distribution.
    private lazy var systemAuthorities: String? = {
        var builtIn: UnsafeMutablePointer<CChar>?
        timberline_curl_get_text(handle, CURLINFO_CAINFO, &builtIn)
        let own = builtIn.map { [String(cString: $0)] } ?? []
        return SystemAuthorities.first(of: own + SystemAuthorities.places)
    }()

    private func setMethod(_ request: HTTPClient.Request) {
        if request.body != nil { timberline_curl_set_long(handle, CURLOPT_POST, 1) }
        if request.method == "HEAD" { timberline_curl_set_long(handle, CURLOPT_NOBODY, 1) }
        timberline_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func fieldList(_ fields: [HTTPClient.Field]) -> UnsafeMutablePointer<curl_slist>? {
        // No round trip before a large body.
        var list = curl_slist_append(nil, "Expect:")
        for field in fields {
            // An empty value is written with a semicolon: with a colon libcurl leaves the field out.
            let line = field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)"
            list = curl_slist_append(list, line)
        }
        return list
    }

    private var status: Int? {
        var status = 0
        timberline_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        return status > 0 ? status : nil
    }

    private func check(_ code: CURLcode, _ place: String) throws(HTTPClientError) {
        guard code != CURLE_OK else { return }
        throw HTTPClientError(code, place, detail: String(cString: words), status: status)
    }
}

extension Duration {
    /// Whole milliseconds, at least one: 0 means no limit to libcurl.
    fileprivate var curlMilliseconds: Int {
        guard self < HTTPClient.unlimited else { return 0 }
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
