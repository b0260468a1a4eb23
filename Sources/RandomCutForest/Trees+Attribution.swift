extension Trees {
    /// Adds a lane's score, split over dimensions and directions and multiplied with `factor`, to a sum.
    ///
    /// With P the probability of a separating cut at a level, from the leaf up: each part becomes
    /// P·(gap / outside) / (level + 1) + (1 - P)·part, where the gap is how far the point is outside of the box in
    /// this direction of this dimension, and outside the sum of all gaps. A leaf of a different point is a
    /// box of one point. The walk has gone down only. O(dimensions) for each level.
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
        if equalsLeaf(lane, query, walk, points) {
            attributeDuplicate(lane, query, walk, points, sampler, parts)
            parts.finish(Float(factor))
        } else if shape.isNarrow {
            attributeNarrow(lane, Float(factor), query, walk, points, parts)
        } else {
            attributeWide(lane, Float(factor), query, walk, points, parts)
        }
    }

    @inline(__always)
    private func equalsLeaf(_ lane: Int, _ query: Query, _ walk: Walk, _ points: PointStore) -> Bool {
        let leaf = nodes[Int(walk.path[walk.depth(lane) * walk.rowLanes + lane])]
        return equals(points.coordinates(leaf.point), query.values)
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
        var level = depth - 1
        while true {
            let box = boxes + Int(place.pointee >> 1) * shape.stride
            let (minima, maxima) = (load4(box), load4(box + shape.width))
            let above = masked(positivePart(point - maxima), query.mask)
            let below = masked(positivePart(minima - point), query.mask)
            let outside = laneSum(above + below)
            // The box of slot 0 contains every point.
            if !(outside > 0) { break }
            let separation = outside / (laneSum(masked(maxima - minima, query.mask)) + outside)
            let share = (above - below) / outside * (separation * walk.inverses[level])
            high = positivePart(share) + (1 - separation) * high
            low = positivePart(-share) + (1 - separation) * low
            place -= walk.rowLanes
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
        while true {
            let pair = walk.node(lane, level + 1) >> 1
            let box = box(tree, pair)
            let outside = BoxShape.wideGap(box, width: shape.width, query.values)
            if !(outside > 0) { break }
            let separation = outside / (BoxShape.wideRange(box, width: shape.width) + outside)
            let unseen = walk.inverses[level]
            parts.cut(query.values, box, box + shape.width, score: unseen, separation: separation)
            level -= 1
        }
        parts.finish(factor)
    }

    /// A leaf that equals the point tells nothing of directions: its score is split evenly, then the boxes are
    /// taken as if the leaf were absent, and the sum is brought back to the score.
    @inline(never)
    private func attributeDuplicate(
        _ lane: Int,
        _ query: Query,
        _ walk: Walk,
        _ points: PointStore,
        _ sampler: Sampler,
        _ parts: AttributionParts
    ) {
        let tree = walk.tree(lane)
        let depth = walk.depth(lane)
        let leaf = nodes(tree)[walk.node(lane, depth)]
        let score = seenScore(depth, mass(tree, leaf, sampler), sampler.size(tree))
        parts.startEvenly(score: score)
        var level = depth - 1
        while level >= 0 {
            let (low, high) = bounds(tree, nodes(tree)[walk.node(lane, level + 1) ^ 1], points)
            let unseen = walk.inverses[level]
            guard
                parts.cutWithoutLeaf(query.values, siblingMinima: low, siblingMaxima: high, score: unseen)
            else { break }
            level -= 1
        }
        parts.normalize(to: score)
    }
}
