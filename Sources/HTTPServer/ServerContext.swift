import Synchronization

/// What libmicrohttpd's callbacks reach of a server, on any of its threads.
final class ServerContext: Sendable {
    let handler: HTTPServer.Handler
    let refused: HTTPServer.RefusalHandler
    let bodyLimit: Int
    let readsOversizedBodies: Bool
    let connections: ConnectionTable
    /// Whether each answer is the last of its connection.
    let isDraining = Atomic<Bool>(false)

    init(
        _ settings: HTTPServer.Settings,
        refused: @escaping HTTPServer.RefusalHandler,
        handler: @escaping HTTPServer.Handler
    ) {
        self.handler = handler
        self.refused = refused
        bodyLimit = settings.bodyLimit
        readsOversizedBodies = settings.readsOversizedBodies
        connections = ConnectionTable(limits: settings)
    }
}
