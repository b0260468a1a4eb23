import JSONText
import Telemetry

/// What ended an invocation, or an initialization, but an answer.
enum InvocationFailure: Sendable, Hashable {
    case timedOut(Duration)
    case exited(ExitStatus)
    /// More memory than the function has.
    case outOfMemory
    case responseTooLarge
    /// The program cannot be run: why.
    case invalidEntrypoint(String)
    /// As the function told it: the type, and the error, JSON.
    case initialization(type: String, error: [UInt8])

    /// As Lambda names it.
    var type: String {
        switch self {
        case .timedOut: "Sandbox.Timedout"
        case .exited: "Runtime.ExitError"
        case .outOfMemory: "Runtime.OutOfMemory"
        case .responseTooLarge: "Function.ResponseSizeTooLarge"
        case .invalidEntrypoint: "Runtime.InvalidEntrypoint"
        case .initialization(let type, _): type
        }
    }

    /// The error that the invoker gets, JSON.
    func json(requestID: String) -> [UInt8] {
        if case .initialization(_, let error) = self { return error }
        var json = JSONWriter()
        json.object { json in
            json.string("errorType", type)
            json.string("errorMessage", message(requestID: requestID))
        }
        return Array(json.text.utf8)
    }

    private func message(requestID: String) -> String {
        switch self {
        case .responseTooLarge:
            "Response payload size exceeded maximum allowed payload size "
                + "(\(EnvironmentLimits.responseByteLimit) bytes)."
        case .timedOut, .exited, .outOfMemory, .invalidEntrypoint, .initialization:
            "RequestId: \(requestID) Error: \(reason)"
        }
    }

    /// Without the request.
    var reason: String {
        switch self {
        case .timedOut(let limit): "Task timed out after \(limit.text(decimals: 2, unit: .seconds)) seconds"
        case .exited(let status): status.reason
        case .outOfMemory: ExitStatus.signalled(9).reason
        case .responseTooLarge: "response too large"
        case .invalidEntrypoint(let reason): reason
        case .initialization(let type, _): type
        }
    }
}
