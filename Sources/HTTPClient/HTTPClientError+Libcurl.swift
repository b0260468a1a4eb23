import CCurl

extension HTTPClientError {
    /// - Parameter detail: libcurl's own words, may be empty.
    init(_ code: CURLcode, _ place: String, detail: String, status: Int?) {
        let kind: Code =
            switch code {
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_FUNCTION_ARGUMENT: .invalidRequest
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolvedHost
            case CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR: .cannotConnect
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM: .untrusted
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .connectionLost
            // Only a receiver of ours ends a transfer, and only for this.
            case CURLE_WRITE_ERROR: .responseTooLarge
            default: .other
            }
        let reason = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        let words = kind == .responseTooLarge ? "the answer is larger than the limit" : reason
        self.init(kind, "\(place): \(words)", status: status)
    }
}
