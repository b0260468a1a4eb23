/// How many calls to a service downstream may be under way at once: the counterpart of a reserved
/// concurrency. A value; threads that share one keep it under a lock.
public struct ConcurrencyLimit: Sendable, Hashable {
    public private(set) var maximum: Int
    /// Calls under way.
    public private(set) var inUse = 0
    /// The most that were under way at once.
    public private(set) var peak = 0

    /// - Parameter maximum: at least 1.
    public init(_ maximum: Int = 50) {
        precondition(maximum >= 1, "a concurrency limit of \(maximum)")
        self.maximum = maximum
    }

    /// Changes how many there may be, from the next call on: those under way go on.
    public mutating func setMaximum(_ maximum: Int) {
        precondition(maximum >= 1, "a concurrency limit of \(maximum)")
        self.maximum = maximum
    }

    /// Takes a place for one call; false where there is none.
    public mutating func take() -> Bool {
        guard inUse < maximum else { return false }
        inUse += 1
        peak = max(peak, inUse)
        return true
    }

    /// Gives back the place of a call that has ended.
    public mutating func giveBack() {
        precondition(inUse > 0, "a place was given back that nobody had")
        inUse -= 1
    }
}
