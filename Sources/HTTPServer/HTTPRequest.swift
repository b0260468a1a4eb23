/// A request, whole: it reaches the handler when its body has arrived.
public struct HTTPRequest: Sendable, Hashable {
    /// As sent: `GET`.
    public var method: String
    /// Path and query as sent, percent-encoded: `/a%20b?c=d`.
    public var target: String
    /// The path, decoded: `/a b`.
    public var path: String
    public var headers: HTTPHeaders
    /// At most the server's `bodyLimit` bytes.
    public var body: [UInt8]

    public init(
        method: String = "GET",
        target: String,
        headers: HTTPHeaders = HTTPHeaders(),
        body: [UInt8] = []
    ) throws(MalformedTarget) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        let path = target.prefix { $0 != "?" }
        guard path.utf8.first == UInt8(ascii: "/"), let decoded = PercentEncoding.decoded(path) else {
            throw MalformedTarget()
        }
        self.path = decoded
    }

    /// The first value of a query parameter, decoded, `+` as a space; empty where it has no `=`.
    /// Nil where there is none, or where it is not well encoded.
    public func query(_ name: String) -> String? {
        encodedQueryValues(name).first.flatMap { PercentEncoding.decoded($0, plusIsSpace: true) }
    }

    /// Every value of a query parameter that may come several times, in order; without those not well encoded.
    public func queryValues(_ name: String) -> [String] {
        encodedQueryValues(name).compactMap { PercentEncoding.decoded($0, plusIsSpace: true) }
    }

    private func encodedQueryValues(_ name: String) -> [Substring] {
        target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&").compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard PercentEncoding.decoded(parts[0], plusIsSpace: true) == name else { return nil }
            return parts.count == 1 ? "" : parts[1]
        }
    }
}

/// A request target that is no path, or not well encoded.
public struct MalformedTarget: Error, Sendable, Hashable {}
