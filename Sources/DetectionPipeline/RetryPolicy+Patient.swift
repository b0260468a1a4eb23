public import Retries

extension RetryPolicy {
    /// For what a whole run waits for, one call at a time: for ever, and never longer than five seconds between two
    /// tries. So rare a call is no load for what is down, and what is back is not kept waiting.
    public static let patient = RetryPolicy(
        maximumAttempts: nil,
        deadline: nil,
        maximumDelay: .seconds(5)
    )
}
