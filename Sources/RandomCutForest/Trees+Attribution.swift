extension Trees {
    /// Adds a recorded lane's score, split over dimensions and directions and multiplied with `factor`, to a sum.
    ///
    /// With P the probability of a separating cut at a level, from the leaf up: each part becomes
    /// P·(gap / outside) / (level + 1) + (1 - P)·part, where the gap is how far the point is outside of the box in
    /// this direction of this dimension, and outside the sum of all gaps. A leaf of a different point is a
    /// box of one point. O(dimensions) for each level.
    @inline(__always)
    func attribute(
        _ lane: Int,
        factor: Double,
        _ query: Query,
        _ walk: Walk,
        _ points: PointStore,
        _ sampler: Sampler,
        _ parts: AttributionParts
    ) {
        if walk.duplicates[lane] {
            let score = Double(score(lane, walk, sampler))
            var evenly = DirectionalParts(dimensions: shape.dimensions)
            attributeDuplicate(lane, score, query, walk, points, &evenly)
            parts.add(evenly, times: factor)
        } else if shape.isNarrow {
            attributeNarrow(lane, Float(factor), query, walk, points, parts)
        } else {
            attributeWide(lane, Float(factor), query, walk, points, parts)
        }
    }

    @inline(__always)
    private func attributeNarrow(
        _ lane: Int,
        _ factor: Float,
        _ query: Query,
        _ walk: Walk,
        _ points: PointStore,
        _ parts: AttributionParts
    ) {
        let point = load4(query.values)
        let depth = walk.depth(lane)
        let leaf = load4(points.coordinates(nodes[Int(walk.path[depth * walk.rowLanes + lane])].point))
        // How far outside, with the sign of the direction; divided before anything else, since gaps may be tiny.
        let gap = masked(point - leaf, query.mask)
        let share = gap / laneSum(positivePart(gap) + positivePart(-gap)) * walk.inverses[depth]
        var high = positivePart(share)
        var low = positivePart(-share)
        var place = walk.path + (depth * walk.rowLanes + lane)
        var separations = walk.separations + lane
        var level = depth - 1
        let top = walk.top(lane)
        while level >= top {
            let box = boxes + Int(place.pointee >> 1) * shape.stride
            let above = masked(positivePart(point - load4(box + shape.width)), query.mask)
            let below = masked(positivePart(load4(box) - point), query.mask)
            let separation = separations.pointee
            let share = (above - below) / laneSum(above + below) * (separation * walk.inverses[level])
            high = positivePart(share) + (1 - separation) * high
            low = positivePart(-share) + (1 - separation) * low
            place -= walk.rowLanes
            separations += walk.rowLanes
            level -= 1
        }
        parts.addNarrow(high: high * factor, low: low * factor)
    }

    @inline(__always)
    private func attributeWide(
        _ lane: Int,
        _ factor: Float,
        _ query: Query,
        _ walk: Walk,
        _ points: PointStore,
        _ parts: AttributionParts
    ) {
        let depth = walk.depth(lane)
        let tree = walk.tree(lane)
        let leaf = points.coordinates(nodes(tree)[walk.node(lane, depth)].point)
        parts.start(query.values, leaf, score: walk.inverses[depth])
        var level = depth - 1
        let top = walk.top(lane)
        while level >= top {
            let box = box(tree, walk.node(lane, level + 1) >> 1)
            let separation = walk.separation(lane, level)
            parts.cut(
                query.values,
                box,
                box + shape.width,
                score: walk.inverses[level],
                separation: separation
            )
            level -= 1
        }
        parts.finish(factor)
    }

    /// A leaf that equals the point tells nothing of directions: its score is split evenly, then the boxes are
    /// taken as if the leaf were absent, and the sum is brought back to the score.
    @inline(never)
    private func attributeDuplicate(
        _ lane: Int,
        _ score: Double,
        _ query: Query,
        _ walk: Walk,
        _ points: PointStore,
        _ parts: inout DirectionalParts
    ) {
        let tree = walk.tree(lane)
        var shadow = ShadowBox(dimensions: shape.dimensions)
        parts.fill(score / Double(2 * shape.dimensions))
        var level = walk.depth(lane) - 1
        while level >= 0 {
            let (low, high) = bounds(tree, nodes(tree)[walk.node(lane, level + 1) ^ 1], points)
            shadow.add(low, high)
            let unseen = Double(walk.inverses[level])
            guard parts.cut(query.values, shadow.minima, shadow.maxima, score: unseen) else { break }
            level -= 1
        }
        parts.normalize(to: score)
    }
}
