extension HTTPClient {
    /// The bounds of every request.
    public struct Settings: Sendable, Hashable {
        /// For the name, the connection and its TLS handshake.
        public var connectTimeout: Duration = .seconds(10)
        /// From the call to the last byte of the answer; from ``HTTPClient/unlimited`` on there is no limit.
        public var timeout: Duration = .seconds(30)
        /// Bytes of an answer's body.
        public var bodyLimit = 16 << 20
        /// File (PEM) of the authorities that a server's certificate may come from; nil for the system's.
        public var authorityFile: String?
        /// Whether the environment's `http_proxy` and the like count.
        public var usesProxies = true
        /// Connections kept while nobody uses them.
        public var idleConnectionLimit = 64

        public init() {}
    }

    /// A time-out that is none.
    public static let unlimited = Duration.seconds(1 << 31)
}
