/// Fills the trees of a new forest from a saved state.
///
/// Its arrays are not bounds-checked: `counts` is indexed by points, all of which are compared with `pointCount` first,
/// the others by the nodes of a tree, fewer than `2 * sampleSize`.
final class TreeBuilder {
    let forest: RandomCutForest
    let pointCount: Int
    let counts: UnsafeMutablePointer<SampleCount>
    /// What the nodes of the present tree hold, by their numbers, where boxes are narrow: four minima, then four maxima.
    let narrowBounds: UnsafeMutablePointer<Float>
    /// The same where boxes are wide.
    let wideBounds: UnsafeMutablePointer<WideBounds>
    /// What growing a tree needs; nil until a tree is grown.
    lazy var growth = TreeGrowth(shape: forest.trees.shape, sampleSize: forest.trees.sampleSize)

    init(forest: RandomCutForest, pointCount: Int) {
        self.forest = forest
        self.pointCount = pointCount
        counts = .allocate(capacity: pointCount)
        counts.initialize(repeating: SampleCount(), count: pointCount)
        let nodes = 2 * forest.trees.sampleSize
        narrowBounds = .allocate(capacity: forest.trees.shape.isNarrow ? 8 * nodes : 0)
        wideBounds = .allocate(capacity: forest.trees.shape.isNarrow ? 0 : nodes)
    }

    deinit {
        counts.deallocate()
        narrowBounds.deallocate()
        wideBounds.deallocate()
    }

    /// Reads the samples of a tree and counts those of each point.
    ///
    /// - Parameter size: At least 1.
    func readSamples<Index: FixedWidthInteger>(
        _ tree: Int,
        size: Int,
        target: Double,
        index: Index.Type,
        _ reader: inout StateReader
    ) throws(ForestError) {
        let sampler = forest.sampler
        let values = sampler.values(tree)
        let stored = try reader.take(size, UInt32.self)
        var broken: UInt32 = 0
        for slot in 0..<size {
            let bits = stored[slot]
            // From the smallest positive number to the largest finite one.
            broken |= bits &- 1 >= Float.infinity.bitPattern - 1 ? 1 : 0
            values[slot] = Float(bitPattern: bits)
        }
        guard broken == 0 else { throw reader.damaged("a v of tree \(tree) is out of range") }
        let points = try readPoints(size, index: index, &reader)
        sampler.restorePoints(tree, count: size) { Int(truncatingIfNeeded: points[$0]) }
        let counts = counts
        for slot in 0..<size { counts[Int(truncatingIfNeeded: points[slot])].samples &+= 1 }
        sampler.restore(tree, size: size, target: target)
    }

    /// The points that come next, all of them in range.
    func readPoints<Index: FixedWidthInteger>(
        _ count: Int,
        index _: Index.Type,
        _ reader: inout StateReader
    ) throws(ForestError) -> StateNumbers<Index> {
        let points = try reader.take(count, Index.self)
        var largest: Index = 0
        for index in 0..<count { largest = max(largest, points[index]) }
        guard Int(largest) < pointCount else { throw reader.damaged("point \(largest) of \(pointCount)") }
        return points
    }

    /// Tells the points how many samples name them. False if one is named by none.
    func restoreUses() -> Bool {
        let counts = counts
        var unused: UInt32 = 0
        for point in 0..<pointCount { unused |= counts[point].samples == 0 ? 1 : 0 }
        forest.points.restoreUses { Int(counts[$0].samples) }
        return unused == 0
    }
}

/// The samples of a point in the trees read so far.
struct SampleCount {
    var samples: UInt32 = 0
    /// Those of them that have their leaf.
    private var placed: UInt32 = 0

    /// Gives a leaf to the samples of the present tree. Their number is the result.
    @inline(__always)
    mutating func place() -> Int {
        let mass = samples &- placed
        placed = samples
        return Int(truncatingIfNeeded: mass)
    }
}
