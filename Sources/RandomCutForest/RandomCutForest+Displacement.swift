extension RandomCutForest {
    /// The share of the forest's samples that a row would push down by a level: 0 for a usual row, near 1 for
    /// one that is far from everything.
    ///
    /// The displacement of Guha et al. 2016, section 2, as AWS's forests scale it: the expected mass of the
    /// subtree that the point gets as a sibling, over 1 + tree mass; a point that was seen, with mass m of
    /// n in its leaf, gives (1 - m / 2n) / (1 + m) in place of the mass. Learns nothing.
    ///
    /// O(trees · (sampleSize + dimensions · log sampleSize)) for an outlier, as masses are counted; less for a usual row.
    ///
    /// - Parameter row: `dimensions` finite values.
    /// - Returns: A number from 0 to 1, or nil before the forest is ready.
    public func displacement(_ row: UnsafeBufferPointer<Float>) throws(ForestError) -> Double? {
        try accept(row)
        guard isReady else { return nil }
        return displaceQuery { displacement, seenMass, treeMass in
            let damping = 1 - Double(seenMass) / Double(2 * treeMass)
            return damping * displacement / Double(1 + treeMass)
        }
    }

    /// The share of the forest's samples that a row would push down by a level.
    public func displacement(_ row: [Float]) throws(ForestError) -> Double? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try displacement(row) }
    }

    /// The mean over the trees of what `scale` makes of displacement, mass of an equal leaf, and tree mass.
    func displaceQuery(_ scale: (Double, Int, Int) -> Double) -> Double {
        var total = 0.0
        let (trees, walk, sampler, pending) = (trees, walk, sampler, scratch.nodes)
        forEachTree { (lane) in
            let (displacement, seen) = trees.displacement(lane, walk, sampler, pending: pending)
            total += scale(displacement, seen, sampler.size(walk.tree(lane)))
        }
        return total / Double(trees.treeCount)
    }
}
