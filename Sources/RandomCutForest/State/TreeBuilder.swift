/// Fills the trees of a new forest from a saved state.
///
/// Its arrays are not bounds-checked: `masses` is indexed by points, all of which are compared with `pointCount` first,
/// the others by leaves, of which a tree has at most `sampleSize`.
final class TreeBuilder {
    let forest: RandomCutForest
    let pointCount: Int
    /// Samples of the present tree by point; 0 again once the point has its leaf.
    let masses: UnsafeMutablePointer<UInt32>
    /// The points of the present tree's leaves, in the order in which they are read or grown. Room for one more.
    let leaves: UnsafeMutablePointer<UInt32>
    /// The same leaves as nodes at index 0; then, from `firstInner` on, the inner nodes. Room for one more of each.
    let parts: UnsafeMutablePointer<TreePart>
    let firstInner: Int
    /// Bytes from a box's minima to its maxima.
    let boxWidth: Int
    /// What growing a tree needs; nil until a tree is grown.
    lazy var growth = TreeGrowth(shape: forest.trees.shape, sampleSize: forest.trees.sampleSize)

    init(forest: RandomCutForest, pointCount: Int) {
        self.forest = forest
        self.pointCount = pointCount
        masses = .allocate(capacity: pointCount)
        masses.initialize(repeating: 0, count: pointCount)
        let capacity = forest.trees.sampleSize + 1
        leaves = .allocate(capacity: capacity)
        firstInner = capacity
        boxWidth = 4 * forest.trees.shape.width
        parts = .allocate(capacity: 2 * capacity)
        parts.initialize(repeating: TreePart(node: Node(bits: 0), offset: 0), count: capacity)
        for inner in 0..<capacity {
            let offset = 4 * forest.trees.shape.stride * (inner + 1)
            (parts + firstInner + inner).initialize(to: TreePart(node: Node(bits: 0), offset: offset))
        }
    }

    deinit {
        masses.deallocate()
        leaves.deallocate()
        parts.deallocate()
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
        try readPoints(size, to: leaves, index: index, &reader)
        for slot in 0..<size {
            let point = Int(leaves[slot])
            sampler.setPoint(tree, slot, point)
            masses[point] &+= 1
            forest.points.retain(point)
        }
        sampler.restore(tree, size: size, target: target)
    }

    func readPoints<Index: FixedWidthInteger>(
        _ count: Int,
        to points: UnsafeMutablePointer<UInt32>,
        index _: Index.Type,
        _ reader: inout StateReader
    ) throws(ForestError) {
        let stored = try reader.take(count, Index.self)
        var largest: Index = 0
        for index in 0..<count {
            let point = stored[index]
            largest = max(largest, point)
            points[index] = UInt32(truncatingIfNeeded: point)
        }
        guard Int(largest) < pointCount else { throw reader.damaged("point \(largest) of \(pointCount)") }
    }
}

/// A node before it has its place, and its box or point: in bytes from the first box of its tree.
struct TreePart {
    var node: Node
    var offset: Int
}
