public import HTTPServer

extension EndpointRoutes {
    /// A server that answers by these routes, also what it refuses itself.
    public func serve(
        _ settings: HTTPServer.Settings = HTTPServer.Settings()
    ) throws(HTTPServerError) -> HTTPServer {
        var settings = settings
        // AWS's clients send the whole body before they read.
        settings.readsOversizedBodies = true
        return try HTTPServer(settings, refused: refuse, handler: answer)
    }
}
