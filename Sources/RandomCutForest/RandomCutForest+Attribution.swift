extension RandomCutForest {
    /// How much each value of a row, being too high or too low, adds to its score. Learns nothing.
    ///
    /// - Parameter row: `dimensions` finite values.
    /// - Returns: Parts by dimension of the (shingled) point, whose sum is the score; nil before the forest is ready.
    public func attribution(_ row: UnsafeBufferPointer<Float>) throws(ForestError) -> Attribution? {
        try accept(row)
        return isReady ? attributedQuery() : nil
    }

    /// How much each value of a row, being too high or too low, adds to its score. Learns nothing.
    public func attribution(_ row: [Float]) throws(ForestError) -> Attribution? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try attribution(row) }
    }

    /// The same into an attribution that is at hand, so that nothing is allocated.
    ///
    /// - Returns: False, and nothing is written, before the forest is ready.
    public func attribution(
        _ row: UnsafeBufferPointer<Float>,
        into attribution: inout Attribution
    ) throws(ForestError) -> Bool {
        try accept(row)
        guard isReady else { return false }
        attributeQuery(into: &attribution)
        return true
    }

    func attributedQuery() -> Attribution {
        var attribution = Attribution(high: [], low: [])
        attributeQuery(into: &attribution)
        return attribution
    }

    func attributeQuery(into attribution: inout Attribution) {
        attributeQuery()
        attributionParts.write(to: &attribution)
    }

    /// Splits the query's score; the parts are in `attributionParts`.
    func attributeQuery() {
        attributionParts.clear()
        forEachGroup(walk) { (lanes, _) in
            trees.descend(query, walk, lanes: lanes, kernel: usesKernel)
            for lane in 0..<lanes { attribute(lane: lane) }
        }
    }

    /// Adds the parts of one tree's score, where the walk has gone down.
    @inline(__always)
    func attribute(lane: Int) {
        let factor = normalizers[walk.tree(lane)] / Double(trees.treeCount)
        trees.attribute(lane, factor: factor, query, walk, points, sampler, attributionParts)
    }
}
