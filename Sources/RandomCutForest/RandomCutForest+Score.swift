extension RandomCutForest {
    /// How unusual a row is, after the rows learned before. Learns nothing.
    ///
    /// With internal shingling the row is taken as the one that comes next.
    ///
    /// - Parameter row: `dimensions` finite values.
    /// - Returns: The score, or nil before the forest is ready.
    public func score(_ row: UnsafeBufferPointer<Float>) throws(ForestError) -> Double? {
        try accept(row)
        guard isReady else { return nil }
        return scoreQuery()
    }

    /// How unusual a row is, after the rows learned before. Learns nothing.
    ///
    /// - Parameter row: `dimensions` finite values.
    /// - Returns: The score, or nil before the forest is ready.
    public func score(_ row: [Float]) throws(ForestError) -> Double? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try score(row) }
    }

    @inline(__always)
    func scoreQuery() -> Double { score(query, walk) }

    /// The score of a query. Writes to the walk only.
    @inline(__always)
    func score(_ query: Query, _ walk: Walk) -> Double {
        guard sampler.areSizesEqual else { return scoreUnequal(query, walk) }
        let (trees, points, sampler, kernel) = (trees, points, sampler, usesKernel)
        var sum: Int64 = 0
        forEachGroup(walk) { (lanes, _) in
            sum += trees.score(query, walk, lanes: lanes, recorded: 0, points, sampler, kernel: kernel)
        }
        return score(fromSum: sum)
    }

    /// The forest's score from the sum over trees of equal size.
    @inline(__always)
    func score(fromSum sum: Int64) -> Double {
        Double(sum) / Double(Trees.scoreUnit) * normalizers[0] / Double(trees.treeCount)
    }

    /// The mean over trees of different size, each brought to one scale by log2(1 + mass).
    private func scoreUnequal(_ query: Query, _ walk: Walk) -> Double {
        var total = 0.0
        let (trees, points, sampler, kernel) = (trees, points, sampler, usesKernel)
        forEachGroup(walk) { (lanes, _) in
            _ = trees.score(query, walk, lanes: lanes, recorded: lanes, points, sampler, kernel: kernel)
            for lane in 0..<lanes {
                total += Double(trees.score(lane, walk, sampler)) * normalizers[walk.tree(lane)]
            }
        }
        return total / Double(trees.treeCount)
    }

    /// Puts all trees on a walk's lanes, one group after the other.
    ///
    /// `body` gets the number of lanes and the tree of the first lane.
    @inline(__always)
    func forEachGroup(_ walk: Walk, _ body: (_ lanes: Int, _ first: Int) -> Void) {
        let trees = trees
        var first = 0
        while first < trees.treeCount {
            let lanes = min(walk.rowLanes, trees.treeCount - first)
            for lane in 0..<(lanes + 7) & ~7 { walk.set(lane, first + min(lane, lanes - 1), trees) }
            body(lanes, first)
            first += lanes
        }
    }

    /// Checks a row and makes the query of it: the shingle's earlier rows, then the row.
    @inline(__always)
    func accept(_ row: UnsafeBufferPointer<Float>) throws(ForestError) {
        let size = shingle.rowSize
        guard row.count == size else { throw wrongSize(row.count) }
        let earlier = size * (shingle.rowCount - 1)
        let origins = hasOrigins
        for dimension in 0..<size {
            let value = row[dimension]
            guard value.isFinite else {
                throw ForestError(.notFinite, "dimension \(dimension) is \(value)", dimension: dimension)
            }
            let shifted = origins ? Float(Double(value) - self.origins.values[dimension]) : value
            query.values[earlier + dimension] = rounded(shifted)
        }
        if earlier > 0 { shingle.writeEarlierRows(to: query.values) }
    }

    /// A value as the trees see it: a multiple of the noise floor, -0 as 0, magnitudes up to ``Query/limit``.
    @inline(__always)
    func rounded(_ value: Float) -> Float {
        var value = value
        if noiseFloor > 0 {
            let steps = value / noiseFloor
            if abs(steps) < 0x1p23 { value = Float(Int32((steps + (steps < 0 ? -0.5 : 0.5)))) * noiseFloor }
        }
        return min(max(value, -Query.limit), Query.limit) + 0
    }

    func wrongSize(_ count: Int) -> ForestError {
        let size = shingle.rowSize
        return ForestError(.dimensionMismatch, "the point has \(count) values, the forest \(size) dimensions")
    }
}
