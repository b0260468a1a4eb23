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
        guard place(tree, stored) else {
            throw reader.damaged("the nodes of tree \(tree) make no tree")
        }
        forest.trees.linkPairs(tree, from: leafCount)
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
    /// anyone's guess: both kinds are made, and one is chosen by a mask. So one number past the last cut, dimension or
    /// leaf may be read; there is room for one more leaf, and at least the state's checksum follows the others.
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
            let left = child(2 &* pair, stored, inner, leaf, isInner: isLeftInner, boxes)
            let right = child(
                2 &* pair &+ 1,
                stored,
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
        nodes[0] = stored.leafCount == 1 ? leafNodes[0] : stored.node(0)
        return areSeparate
    }

    /// The node at `index`: inner node `inner`, or leaf `leaf`; and its box among those of its tree, or its point.
    @inline(__always)
    private func child<Dimension: FixedWidthInteger>(
        _ index: Int,
        _ stored: StoredNodes<Dimension>,
        _ inner: Int,
        _ leaf: Int,
        isInner: Int,
        _ boxes: UnsafeMutablePointer<Float>
    ) -> (node: Node, bounds: Bounds) {
        let (shape, points) = (forest.trees.shape, forest.points)
        // All bits for an inner node, none for a leaf.
        let mask = UInt(bitPattern: 0 &- isInner)
        let leafNode = leafNodes[leaf]
        let placed = leafNode.placed(at: index).bits
        let node = Node(bits: placed ^ (placed ^ stored.node(inner).bits) & UInt64(mask))
        let point = UInt(bitPattern: points.values) &+ UInt(bitPattern: 4 &* points.stride &* leafNode.point)
        let box = UInt(bitPattern: boxes) &+ UInt(bitPattern: 4 &* shape.stride &* (inner &+ 1))
        // One of the two addresses, as an offset from the boxes.
        let offset = Int(bitPattern: (point ^ (point ^ box) & mask) &- UInt(bitPattern: boxes))
        let minima = UnsafeRawPointer(boxes) + offset
        let width = 4 &* shape.width &* isInner
        let bounds = Bounds(
            minima: minima.assumingMemoryBound(to: Float.self),
            maxima: (minima + width).assumingMemoryBound(to: Float.self)
        )
        return (node, bounds)
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

    /// An inner node, whose children's pair follows from its number.
    @inline(__always)
    fileprivate func node(_ inner: Int) -> Node {
        Node(
            bits: UInt64(cuts[inner]) | UInt64(truncatingIfNeeded: dimensions[inner]) &<< 32
                | UInt64(truncatingIfNeeded: inner &+ 1) &<< 48
        )
    }
}

extension Node {
    /// A leaf that was made for index 0, at another index.
    @inline(__always)
    func placed(at index: Int) -> Node {
        let side = UInt64(truncatingIfNeeded: index & 1) &<< 31
        return Node(bits: bits | side | UInt64(truncatingIfNeeded: index &>> 1) &<< 48)
    }
}
