/// Why there is no answer to a request.
public struct HTTPClientError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// An address or a field that no request can have.
        case invalidRequest
        /// The host has no address, or it cannot be found out now.
        case unresolvedHost
        case cannotConnect
        /// The server's certificate is not to be trusted, or the authorities cannot be read.
        case untrusted
        case timedOut
        /// The connection ended before the answer did.
        case connectionLost
        /// The answer is larger than the limit.
        case responseTooLarge
        /// Who takes the answer's body wants no more of it.
        case stopped
        /// Something that libcurl alone can name.
        case other
    }

    public let code: Code
    /// Names the address.
    public let message: String
    /// Of the answer, as far as it came.
    public let status: Int?

    public init(_ code: Code, _ message: String, status: Int? = nil) {
        self.code = code
        self.message = message
        self.status = status
    }

    /// Whether the same request may succeed later without anybody's doing.
    public var isRetriable: Bool {
        switch code {
        case .unresolvedHost, .cannotConnect, .timedOut, .connectionLost: true
        case .invalidRequest, .untrusted, .responseTooLarge, .stopped, .other: false
        }
    }

    public var description: String { message }
}

extension HTTPClientError {
    /// An address without its user, password, query and fragment, which may be secret.
    static func shown(_ url: String) -> String {
        let path = url.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = path.firstRange(of: "://") else { return String(path) }
        let authority = path[scheme.upperBound...].prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return String(path) }
        return String(path[..<scheme.upperBound] + path[path.index(after: at)...])
    }
}
