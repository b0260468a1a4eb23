public import Retries

/// The tries of one call, from the first to success or the end of patience. A value:
/// time and chance are given to it.
public struct RetrySchedule: Sendable, Hashable {
    public let policy: RetryPolicy
    /// Tries that have failed since the last success.
    public private(set) var failureCount = 0
    private var firstFailure: PipelineInstant?

    public init(_ policy: RetryPolicy) {
        self.policy = policy
    }

    /// Notes a failed try.
    ///
    /// - Returns: when to try again; nil when there is to be no other try.
    public mutating func failed(at now: PipelineInstant, jitter: Double) -> PipelineInstant? {
        failureCount += 1
        let start = firstFailure ?? now
        firstFailure = start
        if let limit = policy.maximumAttempts, failureCount >= limit { return nil }
        let next = now + policy.delay(after: failureCount, jitter: jitter)
        if let deadline = policy.deadline, next > start + deadline { return nil }
        return next
    }

    public mutating func succeeded() {
        failureCount = 0
        firstFailure = nil
    }
}
