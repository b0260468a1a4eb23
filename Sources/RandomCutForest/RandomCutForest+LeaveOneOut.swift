extension RandomCutForest {
    /// How unusual a row is among the others: a leaf that equals it is taken as absent while at most `mass` samples
    /// share it.
    ///
    /// For points that were learned already, and for a first burst of equal ones, which the plain score takes for
    /// usual as soon as one is in the samples. The result is what the forest would give if that leaf were
    /// deleted from each tree that has it (AWS's `ignoreLeafMassThreshold`, there with the part below the leaf's
    /// parent approximated). Learns nothing.
    ///
    /// - Parameters:
    ///   - row: `dimensions` finite values.
    ///   - mass: 0 gives the plain score.
    /// - Returns: The score, or nil before the forest is ready.
    public func score(
        _ row: UnsafeBufferPointer<Float>,
        ignoringEqualsUpTo mass: Int
    ) throws(ForestError) -> Double? {
        try accept(row)
        try requireMass(mass)
        guard isReady else { return nil }
        var total = 0.0
        let (trees, walk, points, sampler, query, scratch) = (trees, walk, points, sampler, query, scratch)
        forEachTree { (lane) in
            if let left = ignoredLeaf(lane, upTo: mass) {
                total += trees.scoreWithoutLeaf(lane, query, walk, points, scratch) * normalizer(left)
            } else {
                total += Double(trees.score(lane, walk, sampler)) * normalizers[walk.tree(lane)]
            }
        }
        return total / Double(trees.treeCount)
    }

    /// How unusual a row is among the others.
    public func score(_ row: [Float], ignoringEqualsUpTo mass: Int) throws(ForestError) -> Double? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in
            try score(row, ignoringEqualsUpTo: mass)
        }
    }

    /// How much each value of a row adds to its score among the others.
    ///
    /// - Returns: Parts whose sum is ``score(_:ignoringEqualsUpTo:)-([Float],_)``.
    public func attribution(
        _ row: [Float],
        ignoringEqualsUpTo mass: Int
    ) throws(ForestError) -> Attribution? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try accept(row) }
        try requireMass(mass)
        guard isReady else { return nil }
        let dimensions = trees.shape.dimensions
        let (trees, walk, points, sampler, query, scratch) = (trees, walk, points, sampler, query, scratch)
        let sum = attributionParts
        sum.clear()
        var parts = DirectionalParts(dimensions: dimensions)
        forEachTree { (lane) in
            let count = Double(trees.treeCount)
            if let left = ignoredLeaf(lane, upTo: mass) {
                trees.attributeWithoutLeaf(lane, query, walk, points, scratch, &parts)
                sum.add(parts, times: normalizer(left) / count)
            } else {
                let factor = normalizers[walk.tree(lane)] / count
                trees.attribute(lane, factor: factor, query, walk, points, sampler, sum)
            }
        }
        let zeros = [Double](repeating: 0, count: dimensions)
        var attribution = Attribution(high: zeros, low: zeros)
        sum.write(to: &attribution)
        return attribution
    }

    private func requireMass(_ mass: Int) throws(ForestError) {
        guard mass >= 0 else {
            throw ForestError(.invalidArgument, "the mass to ignore is \(mass), must be at least 0")
        }
    }

    /// The samples left in a tree without the leaf that equals the query; nil where the leaf is to stay.
    private func ignoredLeaf(_ lane: Int, upTo mass: Int) -> Int? {
        guard mass > 0, walk.duplicates[lane] else { return nil }
        let tree = walk.tree(lane)
        let leaf = trees.nodes(tree)[walk.node(lane, walk.depth(lane))]
        let leafMass = trees.mass(tree, leaf, sampler)
        guard leafMass <= mass else { return nil }
        // A tree of nothing else is scaled as it is, or its score would be 0.
        return walk.depth(lane) == 0 ? leafMass : sampler.size(tree) - leafMass
    }

    private func normalizer(_ mass: Int) -> Double { binaryLogarithm(Double(1 + mass)) }
}
