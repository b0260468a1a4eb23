/// Where a service is: `https://sqs.eu-central-1.amazonaws.com`, `http://127.0.0.1:4566`.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    public let isSecure: Bool
    /// In lower case; an IPv6 address in brackets.
    public let host: String
    /// Nil for the scheme's own.
    public let port: UInt16?
    /// What goes before every path, without a slash at its end; mostly empty.
    public let basePath: String

    public init(isSecure: Bool = true, host: String, port: UInt16? = nil, basePath: String = "") {
        self.isSecure = isSecure
        self.host = host.lowercased()
        self.port = port == (isSecure ? 443 : 80) ? nil : port
        self.basePath = basePath
    }

    /// Reads `http://HOST`, `https://HOST:PORT/PATH` and the like; nil where the text is something else, has a user,
    /// a query or a fragment.
    public init?(_ url: String) {
        guard let separator = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<separator.lowerBound].lowercased()
        let rest = url[separator.upperBound...]
        guard ["http", "https"].contains(scheme), !rest.contains(where: { "?#@ \\".contains($0) }) else {
            return nil
        }
        let authority = rest.prefix { $0 != "/" }
        var path = rest[authority.endIndex...]
        while path.last == "/" { path.removeLast() }
        var host = authority
        var port: UInt16?
        if let colon = authority.lastIndex(of: ":"), authority.last != "]" {
            guard let number = UInt16(authority[authority.index(after: colon)...]), number > 0 else {
                return nil
            }
            port = number
            host = authority[..<colon]
        }
        guard !host.isEmpty, host.first == "[" || !host.contains(":") else { return nil }
        self.init(isSecure: scheme == "https", host: String(host), port: port, basePath: String(path))
    }

    /// The value of the `Host` field.
    public var authority: String { port.map { "\(host):\($0)" } ?? host }

    /// Without the base path, which is part of a request's path.
    public var description: String { (isSecure ? "https://" : "http://") + authority }
}
