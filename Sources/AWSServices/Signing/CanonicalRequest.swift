import HTTPClient

/// A request in the one form that both sides compute a signature from.
struct CanonicalRequest: Hashable {
    let text: String
    /// Names of the fields that are signed, separated by semicolons.
    let signedFields: String

    init(_ request: SignableRequest, _ pathRule: RequestSigner.PathRule, bodyDigest: String) {
        let fields = Self.fields(of: request)
        signedFields = fields.map(\.name).joined(separator: ";")
        // By name, then by value, both encoded and compared as bytes.
        let query = request.query
            .map { (PercentEncoding.encoded($0.name), PercentEncoding.encoded($0.value)) }
            .sorted { $0.0 == $1.0 ? $0.1.isBefore($1.1) : $0.0.isBefore($1.0) }
            .map { "\($0)=\($1)" }
        var lines = [request.method, Self.path(request.path, pathRule), query.joined(separator: "&")]
        lines += fields.map { "\($0.name):\($0.value)" }
        lines += ["", signedFields, bodyDigest]
        text = lines.joined(separator: "\n")
    }

    static func signedFields(of request: SignableRequest) -> String {
        fields(of: request).map(\.name).joined(separator: ";")
    }

    /// Fields that proxies and clients on the way change or add.
    private static let unsigned: Set<String> = [
        "authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id",
    ]

    /// Names in lower case, sorted; the values of a name that comes several times joined in their order.
    private static func fields(of request: SignableRequest) -> [(name: String, value: String)] {
        var values = ["host": [request.endpoint.authority]]
        for field in request.fields {
            let name = field.name.lowercased()
            guard !unsigned.contains(name) else { continue }
            values[name, default: []].append(singleSpaced(field.value))
        }
        return values.sorted { $0.key.isBefore($1.key) }.map { ($0.key, $0.value.joined(separator: ",")) }
    }

    /// Without white space at the ends, and with one space for each run of it inside.
    private static func singleSpaced(_ value: String) -> String {
        value.split { $0 == " " || $0.isNewline || $0 == "\t" }.joined(separator: " ")
    }

    private static func path(_ path: String, _ rule: RequestSigner.PathRule) -> String {
        switch rule {
        case .normalized: PercentEncoding.encoded(normalized(path), keepsSlashes: true)
        case .encodedAgain: PercentEncoding.encoded(path, keepsSlashes: true)
        case .asSent: path
        }
    }

    /// Without dot segments (RFC 3986, section 5.2.4) and empty ones.
    private static func normalized(_ path: String) -> String {
        var segments: [Substring] = []
        let given = path.split(separator: "/", omittingEmptySubsequences: false)
        for segment in given where !segment.isEmpty && segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        // Behind a dot segment there is none, as botocore has it.
        let endsWithSlash = path.last == "/" && !segments.isEmpty
        return "/" + segments.joined(separator: "/") + (endsWithSlash ? "/" : "")
    }
}

extension String {
    /// The order of bytes, which is not that of Swift's strings.
    fileprivate func isBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
