import HTTPServer
import Telemetry

/// Lambda's Runtime API, version 2018-06-01, of one environment: requests become questions to the
/// environment, and its answers responses.
///
/// Statuses, bodies and header fields are those of AWS's own emulator. Source of the contract: AWS Lambda Developer
/// Guide, "Using the Lambda runtime API for custom runtimes".
struct RuntimeAPI: Sendable {
    let environment: RunningEnvironment

    func answer(_ request: HTTPRequest) -> HTTPResponse {
        respond(to: request, isTooLarge: false)
    }

    /// Of what the server refuses, a body that is larger than an answer may be has an answer of Lambda's.
    func refuse(_ refused: RefusedRequest) -> HTTPResponse {
        guard case .bodyTooLarge = refused.reason, let request = refused.request else {
            return refused.response
        }
        return respond(to: request, isTooLarge: true)
    }

    private func respond(to request: HTTPRequest, isTooLarge: Bool) -> HTTPResponse {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard parts.starts(with: ["2018-06-01", "runtime"]) else { return Self.notFound }
        let path = Array(parts.dropFirst(2))
        switch path.count {
        case 2 where path == ["invocation", "next"]:
            return request.method == "GET" ? next() : Self.notAllowed("GET")
        case 2 where path == ["init", "error"]:
            guard request.method == "POST" else { return Self.notAllowed("POST") }
            let error = FunctionErrorBody(request, isTooLarge: isTooLarge)
            return response(
                environment.failInitialization(.initialization(type: error.type, error: error.json)),
                to: "InitError"
            )
        case 3 where path[0] == "invocation" && (path[2] == "response" || path[2] == "error"):
            guard request.method == "POST" else { return Self.notAllowed("POST") }
            let isError = path[2] == "error"
            let outcome: InvocationOutcome? =
                isTooLarge ? nil : isError ? .functionError(request.body) : .answered(request.body)
            return response(
                environment.answer(String(path[1]), with: outcome),
                to: isError ? "InvocationErrorResponse" : "InvocationResponse"
            )
        default: return Self.notFound
        }
    }

    private func next() -> HTTPResponse {
        guard let (invocation, deadline) = environment.nextEvent() else {
            return Self.json(500, type: "ExecutionEnvironment.Ended", "the environment has ended")
        }
        var response = HTTPResponse(headers: ["Content-Type": "application/json"], body: invocation.event)
        response.headers.add("Lambda-Runtime-Aws-Request-Id", invocation.requestID)
        response.headers.add("Lambda-Runtime-Deadline-Ms", "\(deadline)")
        response.headers.add("Lambda-Runtime-Invoked-Function-Arn", invocation.functionARN)
        response.headers.add("Lambda-Runtime-Trace-Id", invocation.traceID)
        if let context = invocation.clientContext {
            response.headers.add("Lambda-Runtime-Client-Context", context)
        }
        return response
    }

    private func response(_ answer: RuntimeAPIAnswer, to event: String) -> HTTPResponse {
        switch answer {
        case .accepted: Self.json(202, #"{"status":"OK"}"#)
        case .unknownRequest: Self.json(400, type: "InvalidRequestID", "Invalid request ID")
        case .tooLarge:
            Self.json(
                413,
                type: "RequestEntityTooLarge",
                "Exceeded maximum allowed payload size (\(EnvironmentLimits.responseByteLimit) bytes)."
            )
        case .notAllowed(let state):
            Self.json(
                403,
                type: "InvalidStateTransition",
                "State transition from \(state) to \(event) failed for runtime. Error: State transition is not allowed"
            )
        }
    }

    private static let notFound = HTTPResponse(status: 404, text: "404 page not found\n")

    private static func notAllowed(_ method: String) -> HTTPResponse {
        HTTPResponse(status: 405, headers: ["Allow": method])
    }

    private static func json(_ status: Int, type: String, _ message: String) -> HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            json.string("errorMessage", message)
            json.string("errorType", type)
        }
        return Self.json(status, json.text)
    }

    private static func json(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: ["Content-Type": "application/json"],
            body: Array((text + "\n").utf8)
        )
    }
}
