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
        guard makeLeaves(tree, leafCount, size: size) else {
            throw reader.damaged("the leaves of tree \(tree) are not those of its samples")
        }
        makeInnerNodes(stored)
        guard place(tree, stored) else {
            throw reader.damaged("the nodes of tree \(tree) make no tree")
        }
        forest.trees.linkPairs(tree, from: leafCount)
    }

    /// Makes the leaves. False unless each sample has one leaf.
    private func makeLeaves(_ tree: Int, _ count: Int, size: Int) -> Bool {
        // From the tree's first box to the first point.
        let points = forest.points
        let offset = Int(bitPattern: points.values) &- Int(bitPattern: forest.trees.box(tree, 0))
        let stride = 4 &* points.stride
        var samples = 0
        var isComplete = true
        for leaf in 0..<count {
            let point = Int(leaves[leaf])
            let mass = Int(masses[point])
            masses[point] = 0
            isComplete = isComplete && mass > 0
            samples &+= mass
            parts[leaf] = TreePart(
                node: Node(leafWithPoint: point, mass: min(mass, Node.massLimit), at: 0),
                offset: offset &+ stride &* point
            )
        }
        return isComplete && samples == size
    }

    private func makeInnerNodes<Dimension: FixedWidthInteger>(_ stored: StoredNodes<Dimension>) {
        for inner in 0..<stored.leafCount - 1 {
            parts[firstInner &+ inner].node = Node(
                bits: UInt64(stored.cuts[inner]) | UInt64(truncatingIfNeeded: stored.dimensions[inner]) &<< 32
                    | UInt64(truncatingIfNeeded: inner &+ 1) &<< 48
            )
        }
    }

    @inline(__always)
    private func place<Dimension: FixedWidthInteger>(
        _ tree: Int,
        _ stored: StoredNodes<Dimension>
    ) -> Bool {
        forest.trees.shape.isNarrow
            ? place(tree, stored) { makeNarrowBox($0, $1, $2) }
            : place(tree, stored) { makeWideBox($0, $1, $2) }
    }

    /// Puts the nodes in their places and makes their boxes, pair by pair from the last one: children come before
    /// their parents.
    ///
    /// The children of the i-th inner node are nodes 2i + 1 and 2i + 2, and their pair is i + 1. What a node is, is
    /// anyone's guess: it is chosen by masks. `parts` has room for the one past the last of a kind that may be read.
    ///
    /// False if a node comes before its parent, there are too many of a kind, or a cut does not lie between its two
    /// sides. O(leaves · dimensions).
    @inline(__always)
    private func place<Dimension: FixedWidthInteger>(
        _ tree: Int,
        _ stored: StoredNodes<Dimension>,
        _ makeBox: (_ box: UnsafeMutablePointer<Float>, _ left: Bounds, _ right: Bounds) -> Void
    ) -> Bool {
        let trees = forest.trees
        let (nodes, boxes) = (trees.nodes(tree), trees.box(tree, 0))
        guard stored.hasRightCounts else { return false }
        // The inner nodes and leaves before the present pair.
        var inner = stored.leafCount - 1
        var leaf = stored.leafCount
        var pair = inner
        var areSeparate = true
        while pair > 0 {
            let flags = stored.flags.bitPair(at: 2 &* pair &- 1)
            let (isLeftInner, isRightInner) = (flags & 1, flags &>> 1)
            let innerChildren = isLeftInner &+ isRightInner
            inner &-= innerChildren
            leaf &-= 2 &- innerChildren
            // The parent is before its children, and the boxes of inner children have been made.
            guard inner >= pair else { return false }
            let left = child(2 &* pair, inner, leaf, isInner: isLeftInner, boxes)
            let right = child(
                2 &* pair &+ 1,
                inner &+ isLeftInner,
                leaf &+ 1 &- isLeftInner,
                isInner: isRightInner,
                boxes
            )
            nodes[2 &* pair] = left.node
            nodes[2 &* pair &+ 1] = right.node
            let dimension = Int(truncatingIfNeeded: stored.dimensions[pair &- 1])
            let cut = Float(bitPattern: stored.cuts[pair &- 1])
            areSeparate =
                areSeparate && left.bounds.maxima[dimension] <= cut && cut < right.bounds.minima[dimension]
            makeBox(boxes + pair &* trees.shape.stride, left.bounds, right.bounds)
            pair &-= 1
        }
        nodes[0] = stored.leafCount == 1 ? parts[0].node : parts[firstInner].node
        return areSeparate
    }

    /// The node at `index`: inner node `inner`, or leaf `leaf`; and its box among those of its tree, or its point.
    @inline(__always)
    private func child(
        _ index: Int,
        _ inner: Int,
        _ leaf: Int,
        isInner: Int,
        _ boxes: UnsafeMutablePointer<Float>
    ) -> (node: Node, bounds: Bounds) {
        // All bits for an inner node, none for a leaf.
        let mask = 0 &- isInner
        let part = parts[leaf &+ (firstInner &+ inner &- leaf) & mask]
        let minima = UnsafeRawPointer(boxes) + part.offset
        let bounds = Bounds(
            minima: minima.assumingMemoryBound(to: Float.self),
            maxima: (minima + (boxWidth & mask)).assumingMemoryBound(to: Float.self)
        )
        return (Node(bits: part.node.bits | Node.leafPlace(index) & ~UInt64(bitPattern: Int64(mask))), bounds)
    }
}

/// The nodes of a tree as a state keeps them: see `StateForm`.
struct StoredNodes<Dimension: FixedWidthInteger> {
    let leafCount: Int
    let flags: StateNumbers<UInt64>
    let cuts: StateNumbers<UInt32>
    let dimensions: StateNumbers<Dimension>
}

extension StoredNodes {
    /// Whether there is one inner node less than leaves, and no bit set after the last node's.
    fileprivate var hasRightCounts: Bool {
        let nodeCount = 2 * leafCount - 1
        let words = (nodeCount + 63) / 64
        var inners = 0
        for word in 0..<words { inners += flags[word].nonzeroBitCount }
        // The count of nodes is odd, so that the last word has bits left over.
        return inners == leafCount - 1 && flags[words - 1] >> UInt64(nodeCount % 64) == 0
    }
}

extension Node {
    /// What a leaf's bits at an index have more than at index 0.
    @inline(__always)
    static func leafPlace(_ index: Int) -> UInt64 {
        UInt64(truncatingIfNeeded: index & 1) &<< 31 | UInt64(truncatingIfNeeded: index &>> 1) &<< 48
    }
}
