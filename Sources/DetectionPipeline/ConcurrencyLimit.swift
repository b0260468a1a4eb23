/// How many calls to a service downstream may be under way at once: the counterpart of a reserved
/// concurrency. A value; threads that share one keep it under a lock.
public struct ConcurrencyLimit: Sendable, Hashable {
    public private(set) var maximum: Int
    /// Calls under way.
    public private(set) var inUse = 0
    /// The most that were under way at once.
    public private(set) var peak = 0
    /// How many there may be as far as the service has shown: below `maximum` after it refused some.
    private var allowed: Double

    /// - Parameter maximum: at least 1.
    public init(_ maximum: Int = 50) {
        precondition(maximum >= 1, "a concurrency limit of \(maximum)")
        self.maximum = maximum
        allowed = Double(maximum)
    }

    /// Changes how many there may be, from the next call on: those under way go on.
    public mutating func setMaximum(_ maximum: Int) {
        precondition(maximum >= 1, "a concurrency limit of \(maximum)")
        self.maximum = maximum
        allowed = Double(maximum)
    }

    /// The service refused a call, whose place was given back, because there are too many: from now on there are as
    /// many as are under way.
    public mutating func throttled() {
        allowed = max(1, min(allowed, Double(inUse)))
    }

    /// A call has ended well: after as many as there may be at once, there may be one more.
    public mutating func succeeded() {
        allowed = min(Double(maximum), allowed + 1 / allowed)
    }

    /// Takes a place for one call; false where there is none.
    public mutating func take() -> Bool {
        guard inUse < Int(allowed) else { return false }
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
