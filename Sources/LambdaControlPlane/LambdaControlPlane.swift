public import HTTPServer
public import LocalLambdaModel
import SQLite
public import Telemetry

/// Lambda's API over the functions and mappings of one directory.
///
/// A request comes as HTTP, its signature already checked or not asked for; functions are run by the runner and
/// mappings by the pollers that it is given. Safe on any thread.
public final class LambdaControlPlane: Sendable {
    public struct Settings: Sendable {
        /// Invocations of all functions at once at most, as the runner holds it.
        public var accountConcurrency = 1_000
        /// Whether an MSK cluster of this name is known.
        public var isKnownCluster: @Sendable (_ name: String) -> Bool = { _ in true }
        /// Why a mapping's filter pattern (JSON) is refused; nil where it is not.
        public var problemOfPattern: @Sendable (_ pattern: String) -> String? = { _ in nil }
        /// Why a mapping's cluster cannot be logged in to as it is configured; nil where it can be tried. May block.
        public var problemOfAccess: @Sendable (EventSourceMappingConfiguration) -> String? = { _ in nil }
        public var millisecondsNow: @Sendable () -> Int64 = wallClockMilliseconds

        public init() {}
    }

    let state: LambdaState
    let runner: any FunctionRunning
    let mappings: any EventSourceMappingRunning
    let settings: Settings
    let logger: Logger

    public init(
        _ state: LambdaState,
        runner: any FunctionRunning,
        mappings: any EventSourceMappingRunning,
        settings: Settings = Settings(),
        logger: Logger
    ) {
        self.state = state
        self.runner = runner
        self.mappings = mappings
        self.settings = settings
        self.logger = logger
    }

    /// Begins the mappings that are stored. Once, before the first request.
    public func resume() {
        for mapping in state.mappings { mappings.apply(mapping) }
    }

    /// Whether a request's method and path are those of an operation that is here.
    public static func hasOperation(_ method: String, _ path: String) -> Bool {
        OperationTable.find(method, path) != nil
    }

    /// Answers a request of Lambda's API. An invocation lasts as long as its function runs.
    public func answer(_ request: HTTPRequest) -> HTTPResponse {
        var response = answerWithoutID(request)
        if response.headers["x-amzn-RequestId"] == nil {
            response.headers.add("x-amzn-RequestId", randomUUID())
        }
        return response
    }

    private func answerWithoutID(_ request: HTTPRequest) -> HTTPResponse {
        if let zip = codeDownload(request) { return zip }
        guard let (operation, parameters) = OperationTable.find(request.method, request.path) else {
            return ControlPlaneError(
                .unknownOperation,
                "\(request.method) \(request.path): no operation of Lambda's that is here"
            ).response
        }
        do {
            let answer = try operation.handler(self)(APICall(request: request, parameters: parameters))
            return HTTPResponse(
                status: answer.status ?? operation.status,
                headers: answer.headers,
                body: answer.body
            )
        } catch let error as ControlPlaneError {
            if error.code == .service { logFailure(operation.name, "\(error)") }
            return error.response
        } catch {
            logFailure(operation.name, "\(error)")
            return ControlPlaneError(.service, "\(error)").response
        }
    }

    private func logFailure(_ operation: String, _ reason: String) {
        logger.error(
            "local_operation_failed",
            "an operation failed for a reason that is not the request's",
            ["operation": .string(operation), "reason": .string(reason)]
        )
    }

    func notFound(_ function: FunctionReference) -> ControlPlaneError {
        let arn = FunctionReference(function.name, function.qualifier).arn(in: state.location)
        return ControlPlaneError(.resourceNotFound, "Function not found: \(arn)")
    }

    /// The function's record, or the error that it is not there.
    func record(of function: FunctionReference) throws(ControlPlaneError) -> FunctionRecord {
        guard let record = state.snapshot.functions[function.name] else { throw notFound(function) }
        return record
    }
}
