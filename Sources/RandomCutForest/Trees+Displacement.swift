extension Trees {
    /// The expected number of samples that move down by a level when the point is inserted in one tree.
    ///
    /// The recursion of the score, with the mass of a node in place of 1 / (level + 1); a leaf that equals the point gives
    /// 1 / (1 + mass). `score` has filled the walk's lane before.
    ///
    /// - Returns: The displacement, and the mass of the leaf if it equals the point, else 0.
    func displacement(
        _ lane: Int,
        _ walk: Walk,
        _ sampler: Sampler,
        pending: UnsafeMutablePointer<UInt32>
    ) -> (displacement: Double, seenMass: Int) {
        let tree = walk.tree(lane)
        let depth = walk.depth(lane)
        let leafMass = mass(tree, nodes(tree)[walk.node(lane, depth)], sampler)
        if walk.duplicates[lane] { return (1 / Double(1 + leafMass), leafMass) }
        var below = leafMass
        var result = Double(below)
        var level = depth - 1
        while level >= walk.top(lane) {
            below += mass(tree, below: walk.node(lane, level + 1) ^ 1, sampler, pending: pending)
            let separation = Double(walk.separation(lane, level))
            result = separation * Double(below) + (1 - separation) * result
            level -= 1
        }
        return (result, 0)
    }
}
