import Synchronization

/// A number that only grows. Safe to use from any thread, without a lock.
public final class Counter: Sendable {
    private let bits = Atomic<UInt64>(0)

    init() {}

    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    /// Adds to the counter; a negative or not finite amount adds nothing.
    public func increment(by amount: Double = 1) {
        guard amount > 0, amount.isFinite else { return }
        bits.add(amount)
    }

    /// Adds to the counter; a negative amount adds nothing.
    public func increment(by amount: Int) {
        increment(by: Double(amount))
    }
}

extension Atomic where Value == UInt64 {
    /// Adds to a `Double` kept as its bit pattern.
    func add(_ amount: Double) {
        var old = load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (exchanged, original) = weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }
}
