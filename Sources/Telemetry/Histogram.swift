/// Counts observations in buckets. Safe to use from any thread.
public final class Histogram: Sendable {
    /// The upper bounds of the buckets, ascending; one for everything above them is added.
    public let upperBounds: [Double]
    private let state: Locked<State>

    struct State: Sendable {
        /// Observations by bucket, not cumulated; the last is above all bounds.
        var counts: [Int]
        var sum: Double
    }

    /// Bounds for times from one millisecond to one minute, in seconds.
    public static let secondsBounds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    init(upperBounds: [Double]) {
        let bounds = Set(upperBounds.filter(\.isFinite)).sorted()
        self.upperBounds = bounds
        state = Locked(State(counts: [Int](repeating: 0, count: bounds.count + 1), sum: 0))
    }

    /// Counts `value` in the first bucket whose bound is not below it, `count` times. NaN counts nowhere.
    public func observe(_ value: Double, count: Int = 1) {
        guard !value.isNaN, count > 0 else { return }
        let bucket = upperBounds.firstIndex { value <= $0 } ?? upperBounds.count
        state.withLock { state in
            state.counts[bucket] += count
            state.sum += value * Double(count)
        }
    }

    /// Counts a duration in seconds.
    public func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        observe(Double(seconds) + Double(attoseconds) / 1e18)
    }

    public var count: Int { snapshot.counts.reduce(0, +) }
    public var sum: Double { snapshot.sum }

    var snapshot: State { state.withLock { $0 } }
}
