/// A score split over the dimensions and, in each, over the two directions.
///
/// The sum of all parts is the score. With internal shingling the dimensions are those of the whole
/// shingle, oldest values first.
public struct Attribution: Sendable, Hashable {
    /// What the value being too high adds to the score, by dimension.
    public var high: [Double]
    /// What the value being too low adds to the score, by dimension.
    public var low: [Double]

    public init(high: [Double], low: [Double]) {
        self.high = high
        self.low = low
    }

    /// The score that was split.
    public var score: Double {
        var sum = 0.0
        for index in high.indices { sum += high[index] + low[index] }
        return sum
    }
}
