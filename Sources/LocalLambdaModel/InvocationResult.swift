/// How an invocation ended.
public struct InvocationResult: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        /// The function's answer.
        case success([UInt8])
        /// The function failed: the error as JSON (`errorType`, `errorMessage`, …).
        case functionError([UInt8])
        /// The function has not run.
        case refused(InvocationRefusal)
    }

    public var outcome: Outcome
    public var requestID: String
    /// `$LATEST` or the number of a version; empty where the function was not found.
    public var executedVersion: String
    /// The last 4 KiB of the log, where they were wanted.
    public var logTail: [UInt8]

    public init(
        _ outcome: Outcome,
        requestID: String,
        executedVersion: String = "",
        logTail: [UInt8] = []
    ) {
        self.outcome = outcome
        self.requestID = requestID
        self.executedVersion = executedVersion
        self.logTail = logTail
    }
}
