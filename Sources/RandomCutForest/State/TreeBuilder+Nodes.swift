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
        let flags = NodeFlags(
            leafCount: leafCount,
            words: try reader.take((2 * leafCount + 62) / 64, UInt64.self)
        )
        let cuts = try reader.take(innerCount, UInt32.self)
        let dimensions = try reader.take(innerCount, Dimension.self)
        let points = try readPoints(leafCount, index: index, &reader)
        var largest: Dimension = 0
        for inner in 0..<innerCount { largest = max(largest, dimensions[inner]) }
        // A larger cut, or none, would make a leaf of the node.
        var largestCut: UInt32 = 0
        for inner in 0..<innerCount { largestCut = max(largestCut, cuts[inner] & 0x7FFF_FFFF) }
        guard Int(largest) < forest.trees.shape.dimensions, largestCut <= Query.limit.bitPattern else {
            throw reader.damaged("a cut of tree \(tree) is out of range")
        }
        guard flags.haveRightCounts else { throw reader.damaged("the nodes of tree \(tree) make no tree") }
        guard makeLeaves(tree, flags, points, size: size) else {
            throw reader.damaged("the leaves of tree \(tree) are not those of its samples")
        }
        guard makeInnerNodes(tree, flags, cuts, dimensions) else {
            throw reader.damaged("the nodes of tree \(tree) make no tree")
        }
        let nodes = forest.trees.nodes(tree)
        nodes[0] = nodes[1].moved(to: 0)
        forest.trees.linkPairs(tree, from: leafCount)
    }

    private func makeLeaves<Index: FixedWidthInteger>(
        _ tree: Int,
        _ flags: NodeFlags,
        _ points: StateNumbers<Index>,
        size: Int
    ) -> Bool {
        guard forest.trees.shape.isNarrow else {
            let bounds = wideBounds
            return makeLeaves(tree, flags, points, size: size) { (number, point) in
                bounds[number] = WideBounds(minima: point, maxima: point)
            }
        }
        let bounds = narrowBounds
        return makeLeaves(tree, flags, points, size: size) { (number, point) in
            let values = load4(point)
            store4(values, bounds + 8 &* number)
            store4(values, bounds + 8 &* number + 4)
        }
    }

    /// Makes the leaves. False unless each sample has one, and each leaf a sample.
    ///
    /// Node `number` lies at index `number + 1`, which brings the children of the i-th inner node, nodes 2i + 1 and 2i + 2,
    /// into pair i + 1.
    @inline(__always)
    private func makeLeaves<Index: FixedWidthInteger>(
        _ tree: Int,
        _ flags: NodeFlags,
        _ points: StateNumbers<Index>,
        size: Int,
        _ setBounds: (_ number: Int, _ point: UnsafePointer<Float>) -> Void
    ) -> Bool {
        let (store, counts) = (forest.points, counts)
        let nodes = forest.trees.nodes(tree)
        var leaf = 0
        var samples = 0
        var least = Int.max
        for word in 0..<flags.wordCount {
            var rest = flags.leaves(word)
            while rest != 0 {
                let number = 64 &* word &+ rest.trailingZeroBitCount
                rest &= rest &- 1
                let point = Int(truncatingIfNeeded: points[leaf])
                leaf &+= 1
                let mass = counts[point].place()
                least = min(least, mass)
                samples &+= mass
                let index = number &+ 1
                nodes[index] = Node(leafWithPoint: point, mass: min(mass, Node.massLimit), at: index)
                setBounds(number, store.coordinates(point))
            }
        }
        return least > 0 && samples == size
    }

    private func makeInnerNodes<Dimension: FixedWidthInteger>(
        _ tree: Int,
        _ flags: NodeFlags,
        _ cuts: StateNumbers<UInt32>,
        _ dimensions: StateNumbers<Dimension>
    ) -> Bool {
        // The width of a narrow box as a constant: code of its own for each.
        switch forest.trees.shape.width {
        case 1: makeNarrowNodes(tree, flags, cuts, dimensions, width: 1)
        case 2: makeNarrowNodes(tree, flags, cuts, dimensions, width: 2)
        case 3: makeNarrowNodes(tree, flags, cuts, dimensions, width: 3)
        case 4: makeNarrowNodes(tree, flags, cuts, dimensions, width: 4)
        default: makeWideNodes(tree, flags, cuts, dimensions)
        }
    }

    @inline(__always)
    private func makeNarrowNodes<Dimension: FixedWidthInteger>(
        _ tree: Int,
        _ flags: NodeFlags,
        _ cuts: StateNumbers<UInt32>,
        _ dimensions: StateNumbers<Dimension>,
        width: Int
    ) -> Bool {
        let (boxes, bounds) = (forest.trees.box(tree, 0), narrowBounds)
        return makeInnerNodes(tree, flags, cuts, dimensions) { (number, pair, dimension) in
            let left = bounds + 8 &* (2 &* pair &- 1)
            let right = left + 8
            let minima = smaller(load4(left), load4(right))
            let maxima = larger(load4(left + 4), load4(right + 4))
            store4(minima, bounds + 8 &* number)
            store4(maxima, bounds + 8 &* number + 4)
            setNarrowBox(boxes + 2 &* width &* pair, width, minima, maxima)
            return ((left + 4)[dimension], right[dimension])
        }
    }

    private func makeWideNodes<Dimension: FixedWidthInteger>(
        _ tree: Int,
        _ flags: NodeFlags,
        _ cuts: StateNumbers<UInt32>,
        _ dimensions: StateNumbers<Dimension>
    ) -> Bool {
        let (boxes, bounds, shape) = (forest.trees.box(tree, 0), wideBounds, forest.trees.shape)
        return makeInnerNodes(tree, flags, cuts, dimensions) { (number, pair, dimension) in
            let (left, right) = (bounds[2 &* pair &- 1], bounds[2 &* pair])
            let box = boxes + shape.stride &* pair
            bounds[number] = WideBounds(minima: box, maxima: box + shape.width)
            setWideBox(box, shape, left, right)
            return (left.maxima[dimension], right.minima[dimension])
        }
    }

    /// Makes the inner nodes and their boxes, from the last one to the root: children come before their parents.
    ///
    /// False if a node is not after its parent, or a cut does not lie between its two sides. O(leaves · dimensions).
    ///
    /// - Parameter makeBox: Makes the box of node `number` from those of its children, `2 * pair - 1` and `2 * pair`, which
    ///   are made. Its result is where, along the dimension of the cut, the left one ends and the right one begins.
    @inline(__always)
    private func makeInnerNodes<Dimension: FixedWidthInteger>(
        _ tree: Int,
        _ flags: NodeFlags,
        _ cuts: StateNumbers<UInt32>,
        _ dimensions: StateNumbers<Dimension>,
        _ makeBox: (_ number: Int, _ pair: Int, _ dimension: Int) -> (Float, Float)
    ) -> Bool {
        let nodes = forest.trees.nodes(tree)
        var pair = flags.leafCount &- 1
        // The least room between a cut and either side: subtractions keep the order, and minima need no branch.
        var (roomBelow, roomAbove) = (Float.infinity, Float.infinity)
        for word in (0..<flags.wordCount).reversed() {
            // From the highest bit. Reversed, since processors are quicker to find the lowest.
            var rest = flags.reversedInners(word)
            while rest != 0 {
                let number = 64 &* word &+ 63 &- rest.trailingZeroBitCount
                rest &= rest &- 1
                guard number < 2 &* pair &- 1 else { return false }
                let cut = Float(bitPattern: cuts[pair &- 1])
                let dimension = Int(truncatingIfNeeded: dimensions[pair &- 1])
                nodes[number &+ 1] = Node(cut: cut, dimension: dimension, pair: pair)
                let (below, above) = makeBox(number, pair, dimension)
                roomBelow = cut - below < roomBelow ? cut - below : roomBelow
                roomAbove = above - cut < roomAbove ? above - cut : roomAbove
                pair &-= 1
            }
        }
        return roomBelow >= 0 && roomAbove > 0
    }
}
