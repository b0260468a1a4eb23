/// Bounds retries to a share of the calls: when nearly all fail, trying again at once
/// only adds to the load of what is down.
///
/// Each success earns `earning` tokens up to `capacity`, each retry costs one. Without a token a retry waits for the
/// longest delay of its policy, or is left out, as the caller says.
public struct RetryBudget: Sendable, Hashable {
    public let capacity: Double
    public let earning: Double
    private var tokens: Double

    public init(capacity: Double = 10, earning: Double = 0.1) {
        self.capacity = capacity
        self.earning = earning
        tokens = capacity
    }

    public mutating func earn() { tokens = min(capacity, tokens + earning) }

    /// Takes a token; false where there is none.
    public mutating func spend() -> Bool {
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
