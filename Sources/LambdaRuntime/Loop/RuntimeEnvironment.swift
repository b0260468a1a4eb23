/// What Lambda puts into a function's environment.
public struct RuntimeEnvironment: Sendable, Hashable {
    /// `HOST:PORT` of the Runtime API.
    public var runtimeAPI: String
    public var functionName: String
    /// Where the function's files are.
    public var taskRoot: String
    public var region: String?
    /// Invocations that may be under way at once in this environment.
    public var concurrency: Int

    /// - Parameter variables: the process's.
    /// - Throws: where they are not Lambda's.
    public init(_ variables: [String: String]) throws(RuntimeInterfaceError) {
        guard let address = variables["AWS_LAMBDA_RUNTIME_API"], !address.isEmpty else {
            throw RuntimeInterfaceError(
                .noAddress,
                "AWS_LAMBDA_RUNTIME_API is not set: this program is started by AWS Lambda or its emulator"
            )
        }
        runtimeAPI = address
        functionName = variables["AWS_LAMBDA_FUNCTION_NAME"] ?? ""
        taskRoot = variables["LAMBDA_TASK_ROOT"] ?? "."
        region = variables["AWS_REGION"]
        concurrency =
            variables["AWS_LAMBDA_MAX_CONCURRENCY"].flatMap { Int($0) }.map { min(max($0, 1), 1_000) } ?? 1
    }
}
