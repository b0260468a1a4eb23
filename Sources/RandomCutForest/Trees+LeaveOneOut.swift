extension Trees {
    /// Walks up a tree as if the leaf that equals the query were absent: its sibling stands in its parent's place.
    ///
    /// `score` has filled the walk's lane before, and found a leaf that equals the query, below the root.
    ///
    /// - Parameter visit: Called with the box and level of each node, first the leaf that is reached now, then as
    ///   long as it returns true. O(dimensions) for each level.
    func ascendWithoutLeaf(
        _ lane: Int,
        _ query: Query,
        _ walk: Walk,
        _ points: PointStore,
        _ scratch: FunctionScratch,
        _ visit: (_ minima: UnsafePointer<Float>, _ maxima: UnsafePointer<Float>, _ level: Int) -> Bool
    ) {
        let tree = walk.tree(lane)
        let nodes = nodes(tree)
        let parent = walk.depth(lane) - 1
        let sibling = walk.node(lane, parent + 1) ^ 1
        // Down from the sibling, which is at its parent's level now.
        let path = scratch.nodes
        var steps = 0
        path[0] = UInt32(truncatingIfNeeded: sibling)
        while !nodes[Int(path[steps])].isLeaf {
            let node = nodes[Int(path[steps])]
            let right = query.values[node.dimension] > node.cut ? 1 : 0
            steps += 1
            path[steps] = UInt32(truncatingIfNeeded: 2 * node.pair + right)
        }
        while steps >= 0 {
            let (low, high) = bounds(tree, nodes[Int(path[steps])], points)
            guard visit(low, high, parent + steps) else { return }
            steps -= 1
        }
        // Up from the parent, the boxes without the leaf.
        scratch.clearBox()
        let (low, high) = bounds(tree, nodes[sibling], points)
        scratch.growBox(low, high)
        var level = parent - 1
        while level >= 0 {
            let (low, high) = bounds(tree, nodes[walk.node(lane, level + 1) ^ 1], points)
            scratch.growBox(low, high)
            guard visit(scratch.minima, scratch.maxima, level) else { return }
            level -= 1
        }
    }

    /// The score of one tree as if the leaf that equals the query were absent.
    func scoreWithoutLeaf(
        _ lane: Int,
        _ query: Query,
        _ walk: Walk,
        _ points: PointStore,
        _ scratch: FunctionScratch
    ) -> Double {
        // Alone in the tree: nothing is left to compare with, and the score is that of a cut at the root.
        guard walk.depth(lane) > 0 else { return 1 }
        var score = 0.0
        var isLeaf = true
        ascendWithoutLeaf(lane, query, walk, points, scratch) { low, high, level in
            let unseen = Double(walk.inverses[level])
            if isLeaf {
                isLeaf = false
                score = unseen
                return true
            }
            let (outside, range) = scratch.gap(query.values, low, high)
            guard outside > 0 else { return false }
            let separation = outside / (range + outside)
            score = separation * unseen + (1 - separation) * score
            return true
        }
        return score
    }

    /// The parts of that score by dimension and direction.
    func attributeWithoutLeaf(
        _ lane: Int,
        _ query: Query,
        _ walk: Walk,
        _ points: PointStore,
        _ scratch: FunctionScratch,
        _ parts: inout DirectionalParts
    ) {
        guard walk.depth(lane) > 0 else {
            parts.fill(1 / Double(2 * shape.dimensions))
            return
        }
        parts.fill(0)
        ascendWithoutLeaf(lane, query, walk, points, scratch) { low, high, level in
            parts.cut(query.values, low, high, score: Double(walk.inverses[level]))
        }
    }
}
