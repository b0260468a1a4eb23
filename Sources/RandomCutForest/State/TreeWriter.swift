/// Writes the trees of a forest into a state, and numbers the points on the way.
///
/// Its arrays are not bounds-checked: a tree has at most `sampleSize` leaves and one inner node less, and each array
/// has room for one more, since the loop over the nodes writes without asking what a node is.
final class TreeWriter {
    private let forest: RandomCutForest
    /// The number of each point that has one, by place; the others have `UInt32.max`.
    private let numbers: UnsafeMutablePointer<UInt32>
    /// The places of the numbered points, in the order of their numbers.
    let order: UnsafeMutablePointer<UInt32>
    private var numbered = 0
    /// Of one tree: numbers of points by slot, then by leaf.
    private let indices: UnsafeMutablePointer<UInt32>
    /// Of one tree, the inner nodes' cuts, dimensions and pairs; and for all nodes a bit, 1 for an inner node.
    private let cuts: UnsafeMutablePointer<UInt32>
    private let dimensions: UnsafeMutablePointer<UInt16>
    private let pairs: UnsafeMutablePointer<UInt16>
    private let flags: UnsafeMutablePointer<UInt64>

    init(_ forest: RandomCutForest) {
        self.forest = forest
        numbers = .allocate(capacity: forest.points.touchedCount)
        numbers.initialize(repeating: .max, count: forest.points.touchedCount)
        order = .allocate(capacity: forest.points.liveCount + 1)
        let capacity = forest.trees.sampleSize + 1
        indices = .allocate(capacity: capacity)
        cuts = .allocate(capacity: capacity)
        dimensions = .allocate(capacity: capacity)
        pairs = .allocate(capacity: capacity)
        flags = .allocate(capacity: capacity / 32 + 1)
    }

    deinit {
        numbers.deallocate()
        order.deallocate()
        indices.deallocate()
        cuts.deallocate()
        dimensions.deallocate()
        pairs.deallocate()
        flags.deallocate()
    }

    /// - Parameter index: What holds the number of a point.
    func write<Index: FixedWidthInteger>(
        _ tree: Int,
        _ form: RandomCutForest.StateForm,
        index: Index.Type,
        _ writer: inout StateWriter
    ) {
        let sampler = forest.sampler
        let size = sampler.size(tree)
        guard size > 0 else { return }
        writer.put(sampler.values(tree), count: size)
        numberSamples(tree, count: size)
        writer.put(indices, count: size, as: index)
        guard form == .full else { return }
        let leaves = listNodes(tree)
        writer.put(UInt32(leaves))
        writer.put(flags, count: (2 * leaves - 1 + 63) / 64, as: UInt64.self)
        writer.put(cuts, count: leaves - 1, as: UInt32.self)
        if forest.hasByteDimensions {
            writer.put(dimensions, count: leaves - 1, as: UInt8.self)
        } else {
            writer.put(dimensions, count: leaves - 1, as: UInt16.self)
        }
        writer.put(indices, count: leaves, as: index)
    }

    /// Numbers the points of a tree's samples that have no number yet, without a branch on which they are.
    private func numberSamples(_ tree: Int, count: Int) {
        let sampler = forest.sampler
        var next = numbered
        for slot in 0..<count {
            let point = sampler.point(tree, slot)
            let known = numbers[point]
            let isNew = known == .max
            let number = isNew ? UInt32(truncatingIfNeeded: next) : known
            numbers[point] = number
            order[next] = UInt32(truncatingIfNeeded: point)
            next &+= isNew ? 1 : 0
            indices[slot] = number
        }
        numbered = next
    }

    /// Lists the nodes of a tree level by level; the pairs of the inner nodes are the queue.
    ///
    /// - Returns: The number of leaves.
    private func listNodes(_ tree: Int) -> Int {
        let nodes = forest.trees.nodes(tree)
        var inner = 0
        var leaves = 0
        var word: UInt64 = 0
        var bit: UInt64 = 0

        @inline(__always)
        func list(_ node: Node) {
            cuts[inner] = node.cut.bitPattern
            dimensions[inner] = UInt16(truncatingIfNeeded: node.dimension)
            pairs[inner] = UInt16(truncatingIfNeeded: node.pair)
            let isLeaf = node.isLeaf
            indices[leaves] = numbers[isLeaf ? node.point : 0]
            inner &+= isLeaf ? 0 : 1
            leaves &+= isLeaf ? 1 : 0
            word |= (isLeaf ? 0 : 1) &<< bit
            bit &+= 1
        }

        list(nodes[0])
        var next = 0
        while next < inner {
            let pair = Int(pairs[next])
            list(nodes[2 * pair])
            // The last bit of a word is a left child's, since the root took the first one.
            if bit == 64 {
                flags[next / 32] = word
                (word, bit) = (0, 0)
            }
            list(nodes[2 * pair + 1])
            next &+= 1
        }
        flags[next / 32] = word
        return leaves
    }
}
