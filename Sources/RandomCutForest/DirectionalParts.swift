/// Numbers of one tree by dimension and direction.
struct DirectionalParts {
    var high: [Double]
    var low: [Double]

    init(dimensions: Int) {
        high = Array(repeating: 0, count: dimensions)
        low = high
    }

    mutating func fill(_ value: Double) {
        for dimension in high.indices {
            high[dimension] = value
            low[dimension] = value
        }
    }

    /// One step up: each part is (1 - P)·part + (gap / range)·score, where range is that of the box
    /// grown by the point, gap what the point adds to it in one direction of one dimension, and P the sum of all
    /// gap / range.
    mutating func cut(
        _ point: UnsafePointer<Float>,
        _ minima: UnsafePointer<Float>,
        _ maxima: UnsafePointer<Float>,
        score: Double
    ) -> Bool {
        var outside = 0.0
        var range = 0.0
        for dimension in high.indices {
            let value = Double(point[dimension])
            let (low, high) = (Double(minima[dimension]), Double(maxima[dimension]))
            outside += max(0, low - value) + max(0, value - high)
            range += high - low
        }
        guard outside > 0 else { return false }
        let kept = range / (range + outside)
        let share = score / (range + outside)
        for dimension in high.indices {
            let value = Double(point[dimension])
            high[dimension] = kept * high[dimension] + share * max(0, value - Double(maxima[dimension]))
            low[dimension] = kept * low[dimension] + share * max(0, Double(minima[dimension]) - value)
        }
        return true
    }
}
