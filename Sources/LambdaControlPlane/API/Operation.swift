/// One operation of Lambda's API.
struct Operation: Sendable {
    typealias Handler = @Sendable (LambdaControlPlane) -> (APICall) throws -> APIAnswer

    let name: String
    let method: String
    let path: PathTemplate
    /// Of an answer that is no error.
    let status: Int
    let handler: Handler

    init(_ name: String, _ method: String, _ path: String, _ status: Int, _ handler: @escaping Handler) {
        self.name = name
        self.method = method
        self.path = PathTemplate(path)
        self.status = status
        self.handler = handler
    }
}
