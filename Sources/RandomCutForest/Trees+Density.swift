extension Trees {
    /// The field of one tree around the query. `score` has filled the walk's lane before.
    ///
    /// The query counts as one more sample. A leaf that equals it is a field of its own mass, split evenly over the
    /// directions; the boxes above are taken without that leaf.
    func density(
        _ lane: Int,
        _ query: Query,
        _ walk: Walk,
        _ points: PointStore,
        _ sampler: Sampler,
        _ scratch: FunctionScratch,
        _ parts: inout DensityParts
    ) {
        let tree = walk.tree(lane)
        let nodes = nodes(tree)
        let depth = walk.depth(lane)
        let leaf = nodes[walk.node(lane, depth)]
        var below = mass(tree, leaf, sampler)
        let isSeen = walk.duplicates[lane]
        let own = isSeen ? 1 + below : 1
        if isSeen {
            parts.clear(share: 0.5 / Double(shape.dimensions), mass: Double(own))
            scratch.clearBox()
        } else {
            parts.clear()
            let point = UnsafePointer(points.coordinates(leaf.point))
            _ = parts.cut(query.values, point, point, mass: Double(below + own))
        }
        var level = depth - 1
        while level >= 0 {
            let sibling = walk.node(lane, level + 1) ^ 1
            var (low, high) = (UnsafePointer(scratch.minima), UnsafePointer(scratch.maxima))
            if isSeen {
                let (siblingLow, siblingHigh) = bounds(tree, nodes[sibling], points)
                scratch.growBox(siblingLow, siblingHigh)
            } else {
                guard level >= walk.top(lane) else { return }
                (low, high) = bounds(tree, nodes[walk.node(lane, level)], points)
            }
            below += mass(tree, below: sibling, sampler, pending: scratch.nodes)
            guard parts.cut(query.values, low, high, mass: Double(below + own)) else { return }
            level -= 1
        }
    }
}
