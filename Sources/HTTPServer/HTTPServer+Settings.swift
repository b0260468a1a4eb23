extension HTTPServer {
    /// Where a server listens, and its bounds.
    public struct Settings: Sendable, Hashable {
        public var address = ListenAddress()
        /// Threads that take requests; a handler occupies one.
        public var threads = 1
        /// Whether each connection has a thread of its own, so that a handler which waits for long holds up no request
        /// on another one; `threads` does not count then.
        public var hasThreadPerConnection = false
        /// Connections at once; further ones wait to be accepted.
        public var connectionLimit = 1_000
        /// Bytes of a request's line and header fields, about.
        public var headerLimit = 16 << 10
        /// Bytes of a request's body; a larger one is refused.
        public var bodyLimit = 1 << 20
        /// Whether a body above the limit is read to its end and thrown away before the request is refused: a client that
        /// sends all before it reads gets the answer, and the connection goes on. Else it is refused by its head, and the
        /// connection ended.
        public var readsOversizedBodies = false
        /// How long a connection may stay open without a request.
        public var idleLimit: Duration = .seconds(60)
        /// How long a request may take to arrive, from its first line to the end of its body. The
        /// first line itself falls under `idleLimit`.
        public var receiveLimit: Duration = .seconds(30)
        /// How long a client may take to read an answer.
        public var sendLimit: Duration = .seconds(30)

        public init() {}

        /// How often the limits are looked at.
        var reapInterval: Duration {
            min(.seconds(1), min(idleLimit, receiveLimit, sendLimit) / 4)
        }
    }
}
