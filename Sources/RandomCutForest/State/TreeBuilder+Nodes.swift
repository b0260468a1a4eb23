extension TreeBuilder {
    /// Reads the nodes of a tree whose samples were read, and makes its boxes.
    func readNodes<Index: FixedWidthInteger>(
        _ tree: Int,
        size: Int,
        index: Index.Type,
        _ reader: inout StateReader
    ) throws(ForestError) {
        if forest.hasByteDimensions {
            try readNodes(tree, size: size, index: index, dimension: UInt8.self, &reader)
        } else {
            try readNodes(tree, size: size, index: index, dimension: UInt16.self, &reader)
        }
    }

    private func readNodes<Index: FixedWidthInteger, Dimension: FixedWidthInteger>(
        _ tree: Int,
        size: Int,
        index: Index.Type,
        dimension: Dimension.Type,
        _ reader: inout StateReader
    ) throws(ForestError) {
        let leafCount = Int(try reader.take(UInt32.self))
        guard 1...size ~= leafCount else {
            throw reader.damaged("tree \(tree) has \(leafCount) leaves for \(size) samples")
        }
        let innerCount = leafCount - 1
        let stored = StoredNodes<Dimension>(
            leafCount: leafCount,
            flags: try reader.take((2 * leafCount + 62) / 64, UInt64.self),
            cuts: try reader.take(innerCount, UInt32.self),
            dimensions: try reader.take(innerCount, Dimension.self)
        )
        try readPoints(leafCount, to: leaves, index: index, &reader)
        var largest: Dimension = 0
        for inner in 0..<innerCount { largest = max(largest, stored.dimensions[inner]) }
        // A larger cut, or none, would make a leaf of the node.
        var largestCut: UInt32 = 0
        for inner in 0..<innerCount { largestCut = max(largestCut, stored.cuts[inner] & 0x7FFF_FFFF) }
        guard Int(largest) < forest.trees.shape.dimensions, largestCut <= Query.limit.bitPattern else {
            throw reader.damaged("a cut of tree \(tree) is out of range")
        }
        guard makeLeaves(leafCount, size: size) else {
            throw reader.damaged("the leaves of tree \(tree) are not those of its samples")
        }
        guard place(tree, stored), makeBoxes(tree, stored) else {
            throw reader.damaged("the nodes of tree \(tree) make no tree")
        }
        forest.trees.freePairs[tree] = UInt32(truncatingIfNeeded: leafCount)
    }

    /// Makes the leaves' nodes. False unless each sample has one leaf.
    private func makeLeaves(_ count: Int, size: Int) -> Bool {
        var samples = 0
        var isComplete = true
        for leaf in 0..<count {
            let point = Int(leaves[leaf])
            let mass = Int(masses[point])
            masses[point] = 0
            isComplete = isComplete && mass > 0
            samples &+= mass
            leafNodes[leaf] = Node(leafWithPoint: point, mass: min(mass, Node.massLimit), at: 0)
        }
        return isComplete && samples == size
    }

    /// Puts the nodes in their places: level by level, so that the pairs come in order, and children after their parent.
    ///
    /// One number past the last cut or dimension may be read, since the loop does not ask what a node is; at least
    /// the state's checksum follows them. False if a node comes before its parent, or there are too many of a kind.
    @inline(__always)
    private func place<Dimension: FixedWidthInteger>(
        _ tree: Int,
        _ stored: StoredNodes<Dimension>
    ) -> Bool {
        let (flags, cuts, dimensions) = (stored.flags, stored.cuts, stored.dimensions)
        let nodeCount = 2 * stored.leafCount - 1
        let words = (nodeCount + 63) / 64
        var inners = 0
        for word in 0..<words { inners += flags[word].nonzeroBitCount }
        // The count of nodes is odd, so that the last word has bits left over.
        guard inners == stored.leafCount - 1, flags[words - 1] >> UInt64(nodeCount % 64) == 0 else {
            return false
        }
        let nodes = forest.trees.nodes(tree)
        var inner = 0
        var leaf = 0
        var isOrdered = true
        for word in 0..<words {
            var bits = flags[word]
            for number in 64 * word..<min(64 * word + 64, nodeCount) {
                // Pair 0 holds the root alone.
                let index = number == 0 ? 0 : number + 1
                // The inner nodes before this one, and with them their pairs.
                isOrdered = isOrdered && inner >= index / 2
                let isInner = bits & 1
                bits &>>= 1
                let innerNode = Node(
                    bits: UInt64(cuts[inner]) | UInt64(truncatingIfNeeded: dimensions[inner]) &<< 32
                        | UInt64(truncatingIfNeeded: inner + 1) &<< 48
                )
                let leafNode = leafNodes[leaf].placed(at: index)
                nodes[index] = Node(
                    bits: leafNode.bits ^ (leafNode.bits ^ innerNode.bits) & (0 &- isInner)
                )
                inner &+= Int(truncatingIfNeeded: isInner)
                leaf &+= 1 - Int(truncatingIfNeeded: isInner)
            }
        }
        return isOrdered
    }
}

/// The nodes of a tree as a state keeps them: see `StateForm`.
struct StoredNodes<Dimension: FixedWidthInteger> {
    let leafCount: Int
    let flags: StateNumbers<UInt64>
    let cuts: StateNumbers<UInt32>
    let dimensions: StateNumbers<Dimension>
}

extension Node {
    /// A leaf that was made for index 0, at another index.
    @inline(__always)
    func placed(at index: Int) -> Node {
        let side = UInt64(truncatingIfNeeded: index & 1) &<< 31
        return Node(bits: bits | side | UInt64(truncatingIfNeeded: index &>> 1) &<< 48)
    }

    /// All bits for a leaf, none for an inner node; by the sign bit, since a comparison would compile to a branch.
    @inline(__always)
    var leafMask: UInt {
        let cut = Int32(truncatingIfNeeded: bits) & 0x7FFF_FFFF
        return ~UInt(bitPattern: Int((cut &- Int32(bitPattern: Self.leafCut)) &>> 31))
    }
}
