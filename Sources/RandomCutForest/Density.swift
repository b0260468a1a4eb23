/// How dense the forest's sample is around a point, in all and towards each side.
public struct Density: Sendable, Hashable {
    /// Samples per unit of volume, in units of the whole sample.
    public var value: Double
    /// The part of ``value`` from samples that lie below the point, by dimension: those that it exceeds.
    public var high: [Double]
    /// The part of ``value`` from samples that lie above the point, by dimension.
    public var low: [Double]
    /// The expected extent of the box that a cut separates from the point, by dimension, where the point is above
    /// it; in the data's units.
    public var distanceHigh: [Double]
    /// The same where the point is below the box.
    public var distanceLow: [Double]

    /// The sum of all distances: a score in the data's own units.
    public var distance: Double {
        var sum = 0.0
        for dimension in distanceHigh.indices { sum += distanceHigh[dimension] + distanceLow[dimension] }
        return sum
    }
}
