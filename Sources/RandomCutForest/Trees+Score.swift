extension Trees {
    /// The score of one tree, not yet multiplied with log2(1 + mass), and in the walk what an insertion needs.
    ///
    /// With P the probability that a cut separates the point at a level, from the leaf up:
    /// score = P / (level + 1) + (1 - P)·score, until a box contains the point (Guha et al. 2016, with the
    /// scoring functions of AWS's forests). A leaf that equals the point scores
    /// (1 - mass / 2n) / (depth + log2(1 + mass)).
    ///
    /// O(dimensions) for each level up to the first box that contains the point: about 4 in practice.
    @inline(__always)
    func score(
        _ lane: Int,
        _ query: Query,
        _ walk: Walk,
        _ points: PointStore,
        _ sampler: Sampler
    ) -> Float {
        let tree = walk.trees[lane]
        let depth = walk.depths[lane]
        var level = depth
        var pair = walk.node(lane, level) >> 1
        var score = walk.inverses[depth]
        while true {
            let (outside, range) = gap(tree, pair, query)
            // A box's sides are points: outside by nothing means inside.
            if outside <= 0 { break }
            level -= 1
            let separation = outside / (range + outside)
            walk.separations[level * Walk.lanes + lane] = separation
            score = separation * walk.inverses[level] + (1 - separation) * score
            pair = walk.node(lane, level) >> 1
        }
        walk.tops[lane] = level
        walk.duplicates[lane] = false
        if level == depth {
            // Only inside the lowest box can the point equal the leaf's.
            let leaf = nodes(tree)[walk.node(lane, depth)]
            if equals(points.coordinates(leaf.point), query.values) {
                walk.duplicates[lane] = true
                score = seenScore(depth, mass(tree, leaf, sampler), sampler.size(tree))
            }
        }
        return score
    }

    /// How far the point is outside of the box of a pair's parent, and that box's range sum.
    @inline(__always)
    func gap(_ tree: Int, _ pair: Int, _ query: Query) -> (outside: Float, range: Float) {
        let box = UnsafePointer(box(tree, pair))
        if shape.isNarrow {
            return BoxShape.narrowGap(box, width: shape.width, load4(query.values), query.mask)
        }
        let outside = BoxShape.wideGap(box, width: shape.width, query.values)
        return (outside, ranges[tree * pairCount + pair])
    }

    @inline(__always)
    func equals(_ one: UnsafePointer<Float>, _ other: UnsafePointer<Float>) -> Bool {
        for dimension in 0..<shape.dimensions where one[dimension] != other[dimension] { return false }
        return true
    }

    /// The number of samples that share a leaf.
    @inline(__always)
    func mass(_ tree: Int, _ leaf: Node, _ sampler: Sampler) -> Int {
        if leaf.mass < Node.massLimit { return leaf.mass }
        return sampler.count(tree, point: leaf.point)
    }

    func seenScore(_ depth: Int, _ mass: Int, _ treeMass: Int) -> Float {
        let damping = 1 - Double(mass) / (2 * Double(treeMass))
        return Float(damping / (Double(depth) + binaryLogarithm(Double(1 + mass))))
    }
}
