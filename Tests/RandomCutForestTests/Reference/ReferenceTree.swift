/// A random cut tree by its definition, grown whole from a set of points: slow and obvious.
///
/// The box of the points is cut in a dimension chosen in proportion to its range, at a uniform place; so are
/// both parts, until all points of a part are equal. It shares nothing with the forest but the formulas of the score.
indirect enum ReferenceTree {
    case leaf(point: [Double], mass: Int)
    case inner(
        dimension: Int,
        cut: Double,
        left: ReferenceTree,
        right: ReferenceTree,
        minima: [Double],
        maxima: [Double]
    )

    init(_ points: [[Double]], _ generator: inout some RandomNumberGenerator) {
        let dimensions = points[0].indices
        let minima = dimensions.map { dimension in points.map { $0[dimension] }.min() ?? 0 }
        let maxima = dimensions.map { dimension in points.map { $0[dimension] }.max() ?? 0 }
        let ranges = zip(maxima, minima).map { $0 - $1 }
        let total = ranges.reduce(0, +)
        guard total > 0 else {
            self = .leaf(point: points[0], mass: points.count)
            return
        }
        var place = Double.random(in: 0..<total, using: &generator)
        var dimension = 0
        while place >= ranges[dimension] {
            place -= ranges[dimension]
            dimension += 1
        }
        let cut = minima[dimension] + place
        let left = points.filter { $0[dimension] <= cut }
        let right = points.filter { $0[dimension] > cut }
        self = .inner(
            dimension: dimension,
            cut: cut,
            left: ReferenceTree(left, &generator),
            right: ReferenceTree(right, &generator),
            minima: minima,
            maxima: maxima
        )
    }

    /// The score before it is multiplied with log2(1 + n), of a node at a depth in a tree of n points.
    func score(_ point: [Double], depth: Int, of n: Int, _ binaryLogarithm: (Double) -> Double) -> Double {
        switch self {
        case .leaf(let leaf, let mass):
            if leaf != point { return 1 / Double(depth + 1) }
            let damping = 1 - Double(mass) / Double(2 * n)
            return damping / (Double(depth) + binaryLogarithm(Double(1 + mass)))
        case .inner(let dimension, let cut, let left, let right, let minima, let maxima):
            let child = point[dimension] <= cut ? left : right
            let below = child.score(point, depth: depth + 1, of: n, binaryLogarithm)
            var (outside, range) = (0.0, 0.0)
            for index in point.indices {
                outside += max(0, minima[index] - point[index]) + max(0, point[index] - maxima[index])
                range += maxima[index] - minima[index]
            }
            let separation = outside / (range + outside)
            return separation / Double(depth + 1) + (1 - separation) * below
        }
    }
}
