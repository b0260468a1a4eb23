import DetectionPipeline
import LocalLambdaModel

/// The function was given records and failed with them.
struct FunctionFailure: CountedError, CustomStringConvertible {
    var requestID: String
    var executedVersion: String
    /// Whether the invocation itself ended in an error; else the function's answer named failed records.
    var isFunctionError: Bool
    /// Poison where the records are to be halved.
    var failureKind: FailureKind
    var description: String
}

/// The function was not run: throttled, or there is none that can be. The records wait.
struct FunctionNotRun: ThrottlingError, CustomStringConvertible {
    var refusal: InvocationRefusal

    var failureKind: FailureKind { .transient }
    var isThrottling: Bool { refusal.code == .tooManyRequests }
    var description: String { refusal.message }
}

/// A record is not given to the function any more, or never can be.
enum RecordRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    case tooOld
    case tooLarge

    var description: String {
        switch self {
        case .tooOld: "older than the mapping's maximum record age"
        case .tooLarge: "larger than an event may be"
        }
    }
}
