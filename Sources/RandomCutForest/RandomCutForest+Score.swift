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
    private func scoreQuery() -> Double {
        var total = 0.0
        let (trees, walk, points, sampler, query) = (trees, walk, points, sampler, query)
        forEachBatch { (count) in
            for lane in 0..<count {
                let score = trees.score(lane, query, walk, points, sampler)
                total += Double(score) * normalizers[walk.trees[lane]]
            }
        }
        return total / Double(trees.treeCount)
    }

    /// Descends with the query through all trees, eight at a time; the last ones come again where there
    /// are fewer than eight.
    @inline(__always)
    func forEachBatch(_ body: (_ lanes: Int) -> Void) {
        let (trees, walk, query) = (trees, walk, query)
        var first = 0
        while first < trees.treeCount {
            let count = min(Walk.lanes, trees.treeCount - first)
            for lane in 0..<Walk.lanes { walk.trees[lane] = first + min(lane, count - 1) }
            trees.descend(query.values, walk)
            body(count)
            first += count
        }
    }

    /// Checks a row and makes the query of it: the shingle's earlier rows, then the row, -0 as 0, and
    /// magnitudes up to ``Query/limit``.
    @inline(__always)
    func accept(_ row: UnsafeBufferPointer<Float>) throws(ForestError) {
        let size = configuration.dimensions
        guard row.count == size else {
            throw ForestError(
                .dimensionMismatch,
                "the point has \(row.count) values, the forest \(size) dimensions"
            )
        }
        let earlier = size * (configuration.shingleSize - 1)
        for dimension in 0..<size {
            let value = row[dimension]
            guard value.isFinite else {
                throw ForestError(.notFinite, "dimension \(dimension) is \(value)", dimension: dimension)
            }
            query.values[earlier + dimension] = min(max(value, -Query.limit), Query.limit) + 0
        }
        if earlier > 0 { shingle.writeEarlierRows(to: query.values) }
    }
}
