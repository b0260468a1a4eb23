/// Memory for the functions beside score and update, made once and used again.
///
/// Its arrays are not bounds-checked: a path has at most `sampleSize` levels above its leaf, a point `shape.width`
/// values.
final class FunctionScratch {
    /// Indices of nodes: those still to be visited, or a path. `sampleSize + 2` of them.
    let nodes: UnsafeMutablePointer<UInt32>
    /// A box that grows on the way up.
    let minima: UnsafeMutablePointer<Float>
    let maxima: UnsafeMutablePointer<Float>
    /// A query whose missing values come from a leaf.
    let completed: Query
    /// Whether a dimension is missing.
    let isMissing: UnsafeMutablePointer<Bool>
    /// By level, what the search for missing values still has to do, and what it found on the left.
    let branches: UnsafeMutablePointer<MissingBranch>

    private let dimensions: Int

    init(shape: BoxShape, sampleSize: Int) {
        dimensions = shape.dimensions
        nodes = .allocate(capacity: sampleSize + 2)
        minima = .allocate(capacity: shape.dimensions)
        maxima = .allocate(capacity: shape.dimensions)
        completed = Query(shape: shape)
        isMissing = .allocate(capacity: shape.dimensions)
        isMissing.initialize(repeating: false, count: shape.dimensions)
        branches = .allocate(capacity: sampleSize + 2)
        clearBox()
    }

    deinit {
        nodes.deallocate()
        minima.deallocate()
        maxima.deallocate()
        completed.deallocate()
        isMissing.deallocate()
        branches.deallocate()
    }

    func clearBox() {
        minima.update(repeating: .infinity, count: dimensions)
        maxima.update(repeating: -.infinity, count: dimensions)
    }

    func growBox(_ low: UnsafePointer<Float>, _ high: UnsafePointer<Float>) {
        for dimension in 0..<dimensions {
            minima[dimension] = min(minima[dimension], low[dimension])
            maxima[dimension] = max(maxima[dimension], high[dimension])
        }
    }

    /// How far a point is outside of a box, summed over the dimensions, and the sum of the box's ranges.
    func gap(
        _ point: UnsafePointer<Float>,
        _ low: UnsafePointer<Float>,
        _ high: UnsafePointer<Float>
    ) -> (outside: Double, range: Double) {
        var outside = 0.0
        var range = 0.0
        for dimension in 0..<dimensions {
            let value = Double(point[dimension])
            let (low, high) = (Double(low[dimension]), Double(high[dimension]))
            outside += max(0, low - value) + max(0, value - high)
            range += high - low
        }
        return (outside, range)
    }
}
