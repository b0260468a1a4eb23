/// Mean and variance of a stream, discounted exponentially once `window` values
/// have been seen, and equal-weighted before.
///
/// Values are clipped to `clip` standard deviations around the mean before they
/// are learnt, so that one huge download does not widen the scale for an hour.
/// The first `unclippedCount` values are learnt as they are: before that the
/// scale is not known.
///
/// Update after Welford (1962) with weight 1/min(n, window); O(1).
struct RunningStatistics: Sendable, Hashable {
    private(set) var count: Double = 0
    private(set) var mean: Double = 0
    private(set) var variance: Double = 0

    static let unclippedCount: Double = 32

    var standardDeviation: Double { variance.squareRoot() }

    /// Learns a finite value.
    mutating func learn(_ value: Double, window: Double, clip: Double = .infinity, noiseFloor: Double = 0) {
        var deviation = value - mean
        if count >= Self.unclippedCount, clip < .infinity {
            let limit = clip * max(standardDeviation, noiseFloor)
            deviation = max(-limit, min(limit, deviation))
        }
        count += 1
        let weight = 1 / min(count, window)
        mean += weight * deviation
        variance = (1 - weight) * (variance + weight * deviation * deviation)
    }
}
