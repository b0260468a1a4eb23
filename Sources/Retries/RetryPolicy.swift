/// How often, and how long after each other, a call outward is tried again:
/// exponential backoff with full jitter.
///
/// The delay before try n is uniform in `0...min(maximumDelay, initialDelay · 2ⁿ⁻¹)`.
/// Source: Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
public struct RetryPolicy: Sendable, Hashable {
    public var initialDelay: Duration = .milliseconds(100)
    public var maximumDelay: Duration = .seconds(30)
    /// Tries at most, the first one included; nil for no limit.
    public var maximumAttempts: Int?
    /// Time from the first try after which there is no other; nil for no limit.
    public var deadline: Duration?

    public init() {}

    public init(maximumAttempts: Int?, deadline: Duration?, maximumDelay: Duration = .seconds(30)) {
        self.maximumAttempts = maximumAttempts
        self.deadline = deadline
        self.maximumDelay = maximumDelay
    }

    /// The delay after the `attempt`-th try has failed, counted from 1.
    ///
    /// - Parameter jitter: uniform in `0..<1`.
    public func delay(after attempt: Int, jitter: Double) -> Duration {
        // 2⁴⁰ times any delay is past every maximum, and no overflow.
        let factor = Double(UInt64(1) << UInt64(min(max(attempt, 1) - 1, 40)))
        let bound = min(maximumDelay, initialDelay * factor)
        return bound * min(max(jitter, 0), 1)
    }
}
