/// Finds the handler of a request by its path and method.
///
/// A path that is not there is answered with 404, a method that its path does not have with 405
/// and the methods that it has. HEAD is answered as GET is; the server leaves the body out.
public struct HTTPRoutes: Sendable {
    private var handlers: [String: [String: HTTPServer.Handler]] = [:]

    public init() {}

    /// - Parameter path: the whole path, decoded, such as `/metrics`.
    public mutating func add(_ method: String, _ path: String, _ handler: @escaping HTTPServer.Handler) {
        handlers[path, default: [:]][method] = handler
    }

    public func answer(_ request: HTTPRequest) -> HTTPResponse {
        guard let methods = handlers[request.path] else {
            return HTTPResponse(status: 404, text: "not found\n")
        }
        let method = request.method == "HEAD" ? "GET" : request.method
        guard let handler = methods[method] else {
            var allowed = Set(methods.keys)
            if allowed.contains("GET") { allowed.insert("HEAD") }
            var response = HTTPResponse(status: 405, text: "method not allowed\n")
            response.headers.add("Allow", allowed.sorted().joined(separator: ", "))
            return response
        }
        return handler(request)
    }
}
