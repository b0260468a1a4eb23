import Synchronization

/// A number that goes up and down. Safe to use from any thread, without a lock.
public final class Gauge: Sendable {
    private let bits = Atomic<UInt64>(0)

    init() {}

    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    public func set(to value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    public func set(to value: Int) { set(to: Double(value)) }
    public func add(_ amount: Double) { bits.add(amount) }
}
