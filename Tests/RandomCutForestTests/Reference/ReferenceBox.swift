/// The smallest box around some points.
struct ReferenceBox {
    let minima: [Float]
    let maxima: [Float]

    init(_ points: [[Float]]) {
        let dimensions = points[0].indices
        minima = dimensions.map { dimension in points.map { $0[dimension] }.min() ?? 0 }
        maxima = dimensions.map { dimension in points.map { $0[dimension] }.max() ?? 0 }
    }

    /// How far a point is outside, by dimension: above the box, and below it.
    func gaps(_ point: [Float]) -> (high: [Float], low: [Float]) {
        (zip(point, maxima).map { max(0, $0 - $1) }, zip(minima, point).map { max(0, $0 - $1) })
    }

    /// The probability that a random cut of the box grown by the point separates the point from the box; nil
    /// where the box holds the point.
    func separation(_ point: [Float]) -> Float? {
        let (high, low) = gaps(point)
        let outside = Self.sum(zip(low, high).map { $0 + $1 })
        guard outside > 0 else { return nil }
        return outside / (Self.sum(zip(maxima, minima).map { $0 - $1 }) + outside)
    }

    /// The same in full precision.
    func exactSeparation(_ point: [Float]) -> Double? {
        var (outside, range) = (0.0, 0.0)
        for index in point.indices {
            let (value, low, high) = (Double(point[index]), Double(minima[index]), Double(maxima[index]))
            outside += max(0, low - value) + max(0, value - high)
            range += high - low
        }
        return outside > 0 ? outside / (range + outside) : nil
    }

    /// Sums of Float depend on their order. The forest's is: up to four values, or every eighth, side by side; then
    /// pairs of neighbours until one is left.
    static func sum(_ values: [Float]) -> Float {
        var lanes = [Float](repeating: 0, count: values.count > 4 ? 8 : 4)
        for (index, value) in values.enumerated() { lanes[index % lanes.count] += value }
        while lanes.count > 1 {
            lanes = stride(from: 0, to: lanes.count, by: 2).map { lanes[$0] + lanes[$0 + 1] }
        }
        return lanes[0]
    }
}
