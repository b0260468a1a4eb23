/// How an invocation ended.
enum InvocationOutcome: Sendable, Equatable {
    case answered([UInt8])
    /// The error as the function told it, JSON.
    case functionError([UInt8])
    /// The function did not get to tell.
    case failed(InvocationFailure)
    /// The environment could not be started, or was ended from outside: why. What the function has done is not known.
    case abandoned(String)

    /// What Lambda itself has to say of it.
    var platformFailure: InvocationFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}
