extension RandomCutForest {
    /// How much each value of a row, being too high or too low, adds to its score. Learns nothing.
    ///
    /// - Parameter row: `dimensions` finite values.
    /// - Returns: Parts by dimension of the (shingled) point, whose sum is the score; nil before the forest is ready.
    public func attribution(_ row: UnsafeBufferPointer<Float>) throws(ForestError) -> Attribution? {
        try accept(row)
        guard isReady else { return nil }
        return attributeQuery()
    }

    /// How much each value of a row, being too high or too low, adds to its score. Learns nothing.
    public func attribution(_ row: [Float]) throws(ForestError) -> Attribution? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try attribution(row) }
    }

    private func attributeQuery() -> Attribution {
        let dimensions = trees.shape.dimensions
        var sum = DirectionalParts(dimensions: dimensions)
        var parts = DirectionalParts(dimensions: dimensions)
        var shadow = ShadowBox(dimensions: dimensions)
        let (trees, walk, points, sampler, query, kernel) = (trees, walk, points, sampler, query, usesKernel)
        forEachGroup { (lanes, _) in
            _ = trees.score(query, walk, lanes: lanes, recorded: lanes, points, sampler, kernel: kernel)
            for lane in 0..<lanes {
                let score = trees.score(lane, walk, sampler)
                trees.attribute(lane, score, query, walk, points, &parts, &shadow)
                sum.add(parts, times: normalizers[walk.tree(lane)] / Double(trees.treeCount))
            }
        }
        return Attribution(high: sum.high, low: sum.low)
    }
}
