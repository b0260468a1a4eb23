import Synchronization

/// What libmicrohttpd's callbacks reach of a server, on any of its threads.
final class ServerContext: Sendable {
    let handler: HTTPServer.Handler
    let oversized: HTTPServer.Handler?
    let bodyLimit: Int
    let connections: ConnectionTable
    /// Whether each answer is the last of its connection.
    let isDraining = Atomic<Bool>(false)

    init(
        _ settings: HTTPServer.Settings,
        oversized: HTTPServer.Handler?,
        handler: @escaping HTTPServer.Handler
    ) {
        self.handler = handler
        self.oversized = oversized
        bodyLimit = settings.bodyLimit
        connections = ConnectionTable(limits: settings)
    }
}
