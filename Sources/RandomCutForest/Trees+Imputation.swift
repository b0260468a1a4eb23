extension Trees {
    /// The leaf of one tree that completes a query with missing values best.
    ///
    /// At a cut on a missing dimension both sides are searched, and the candidate of lower rank stays: the one
    /// that makes the completed point less anomalous (centrality 1), or any (centrality 0). Ranks are scores, without
    /// the factor for the tree's mass.
    ///
    /// O(leaves reached · depth · dimensions): a path if nothing above it is cut on a missing dimension, the tree
    /// if all is missing.
    func completion(
        _ tree: Int,
        of query: Query,
        missing: [Int],
        centrality: Double,
        _ generator: inout ForestGenerator,
        _ inverses: UnsafePointer<Float>,
        _ points: PointStore,
        _ sampler: Sampler,
        _ scratch: FunctionScratch
    ) -> MissingCandidate {
        let nodes = nodes(tree)
        let branches = scratch.branches
        var index = 0
        var level = 0
        while true {
            while !nodes[index].isLeaf {
                let node = nodes[index]
                let isMissing = scratch.isMissing[node.dimension]
                branches[level] = MissingBranch(node: index, stage: isMissing ? .left : .single, left: .none)
                let right = !isMissing && query.values[node.dimension] > node.cut ? 1 : 0
                index = 2 * node.pair + right
                level += 1
            }
            var candidate = candidate(tree, nodes[index], level, query, inverses, points, sampler, scratch)
            if centrality < 1 { candidate.randomRank = generator.uniform() }
            index = -1
            while level > 0, index < 0 {
                level -= 1
                let branch = branches[level]
                let pair = nodes[branch.node].pair
                if branch.stage == .left {
                    branches[level].left = candidate
                    branches[level].stage = .right
                    index = 2 * pair + 1
                    level += 1
                    break
                }
                if branch.stage == .right {
                    let keepsLeft =
                        branch.left.adjustedRank(centrality) <= candidate.adjustedRank(centrality)
                    candidate = keepsLeft ? branch.left : candidate
                }
                if !candidate.isInside {
                    raise(&candidate, tree, pair, inverses[level], missing, points, scratch)
                }
            }
            if index < 0 { return candidate }
        }
    }

    private func candidate(
        _ tree: Int,
        _ leaf: Node,
        _ level: Int,
        _ query: Query,
        _ inverses: UnsafePointer<Float>,
        _ points: PointStore,
        _ sampler: Sampler,
        _ scratch: FunctionScratch
    ) -> MissingCandidate {
        let coordinates = points.coordinates(leaf.point)
        var distance = 0.0
        for dimension in 0..<shape.dimensions where !scratch.isMissing[dimension] {
            distance += abs(Double(coordinates[dimension]) - Double(query.values[dimension]))
        }
        var rank = Double(inverses[level])
        if distance == 0 {
            let mass = mass(tree, leaf, sampler)
            rank = level == 0 ? 0 : 1 / (Double(level) + binaryLogarithm(Double(1 + mass)))
        }
        return MissingCandidate(
            point: leaf.point,
            rank: rank,
            randomRank: 0,
            distance: distance,
            isInside: distance == 0
        )
    }

    /// Takes a candidate up by a level.
    private func raise(
        _ candidate: inout MissingCandidate,
        _ tree: Int,
        _ pair: Int,
        _ unseen: Float,
        _ missing: [Int],
        _ points: PointStore,
        _ scratch: FunctionScratch
    ) {
        let coordinates = points.coordinates(candidate.point)
        for dimension in missing { scratch.completed.values[dimension] = coordinates[dimension] }
        let box = UnsafePointer(box(tree, pair))
        let (outside, range) = scratch.gap(scratch.completed.values, box, box + shape.width)
        guard outside > 0 else {
            candidate.isInside = true
            return
        }
        let separation = outside / (range + outside)
        candidate.rank = separation * Double(unseen) + (1 - separation) * candidate.rank
    }
}
