extension Trees {
    /// Splits the score of one tree over dimensions and directions. The lane is recorded.
    ///
    /// A leaf of a different point is a box of one point: its score goes to the gaps in proportion. A leaf that equals
    /// the point tells nothing of directions: its score is split evenly, then the boxes are taken as if
    /// the leaf were absent, and the sum is brought back to the score. O(dimensions) for each level.
    func attribute(
        _ lane: Int,
        _ score: Float,
        _ query: Query,
        _ walk: Walk,
        _ points: PointStore,
        _ parts: inout DirectionalParts,
        _ shadow: inout ShadowBox
    ) {
        let tree = walk.tree(lane)
        let depth = walk.depth(lane)
        let nodes = nodes(tree)
        parts.fill(0)
        if walk.duplicates[lane] {
            parts.fill(Double(score) / Double(2 * shape.dimensions))
            shadow.clear()
            var level = depth - 1
            while level >= 0 {
                let (low, high) = bounds(tree, nodes[walk.node(lane, level + 1) ^ 1], points)
                shadow.add(low, high)
                let unseen = Double(walk.inverses[level])
                let point = query.values
                guard parts.cut(point, shadow.minima, shadow.maxima, score: unseen) else { break }
                level -= 1
            }
        } else {
            let leaf = UnsafePointer(points.coordinates(nodes[walk.node(lane, depth)].point))
            _ = parts.cut(query.values, leaf, leaf, score: Double(walk.inverses[depth]))
            var level = depth - 1
            while level >= walk.top(lane) {
                let box = box(tree, walk.node(lane, level + 1) >> 1)
                let unseen = Double(walk.inverses[level])
                _ = parts.cut(query.values, box, box + shape.width, score: unseen)
                level -= 1
            }
        }
        parts.normalize(to: Double(score))
    }
}
