/// The field around a point while it is summed up over the levels of a tree, and over the trees.
struct DensityParts {
    /// Mass seen from the point, the probability of being separated by a cut there, and how far the separated box
    /// extends, by dimension and direction.
    var measure: DirectionalParts
    var probability: DirectionalParts
    var distance: DirectionalParts

    init(dimensions: Int) {
        measure = DirectionalParts(dimensions: dimensions)
        probability = measure
        distance = measure
    }

    mutating func clear(share: Double = 0, mass: Double = 0) {
        measure.fill(share * mass)
        probability.fill(share)
        distance.fill(0)
    }

    mutating func add(_ other: DensityParts, times factor: Double) {
        measure.add(other.measure, factor)
        probability.add(other.probability, factor)
        distance.add(other.distance, factor)
    }

    /// One step up: each part is (1 - P)·part + p·new, with p the probability that a cut of this dimension, on this
    /// side of the box, separates the point, and P the sum of all p. False where the box holds the point.
    mutating func cut(
        _ point: UnsafePointer<Float>,
        _ minima: UnsafePointer<Float>,
        _ maxima: UnsafePointer<Float>,
        mass: Double
    ) -> Bool {
        var outside = 0.0
        var range = 0.0
        for dimension in measure.high.indices {
            let value = Double(point[dimension])
            let (low, high) = (Double(minima[dimension]), Double(maxima[dimension]))
            outside += max(0, low - value) + max(0, value - high)
            range += high - low
        }
        guard outside > 0 else { return false }
        let kept = range / (range + outside)
        let share = 1 / (range + outside)
        for dimension in measure.high.indices {
            let value = Double(point[dimension])
            let (low, high) = (Double(minima[dimension]), Double(maxima[dimension]))
            let above = max(0, value - high)
            let below = max(0, low - value)
            let extent = high - low
            measure.step(dimension, kept, above * share * mass, below * share * mass)
            probability.step(dimension, kept, above * share, below * share)
            distance.step(dimension, kept, above * share * (above + extent), below * share * (below + extent))
        }
        return true
    }
}

extension DirectionalParts {
    fileprivate mutating func add(_ other: DirectionalParts, _ factor: Double) {
        for dimension in high.indices {
            high[dimension] += other.high[dimension] * factor
            low[dimension] += other.low[dimension] * factor
        }
    }

    fileprivate mutating func step(_ dimension: Int, _ kept: Double, _ above: Double, _ below: Double) {
        high[dimension] = kept * high[dimension] + above
        low[dimension] = kept * low[dimension] + below
    }
}
