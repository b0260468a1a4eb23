// Values as Double: for those that need more than 24 bits, such as times and counters. See `Origins`.

extension RandomCutForest {
    /// How unusual a row is. Learns nothing.
    ///
    /// - Returns: The score, or nil before the forest is ready.
    public func score(_ row: [Double]) throws(ForestError) -> Double? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try score(row) }
    }

    /// How unusual a row is. Learns nothing.
    ///
    /// - Returns: The score, or nil before the forest is ready.
    public func score(_ row: UnsafeBufferPointer<Double>) throws(ForestError) -> Double? {
        try check(row)
        guard isReady else { return nil }
        accept(row)
        return scoreQuery()
    }

    /// Learns a row.
    public func update(_ row: [Double]) throws(ForestError) {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try update(row) }
    }

    /// Learns a row. The first 16, or `outputAfter` if that is less, are held back until the last of them is there.
    public func update(_ row: UnsafeBufferPointer<Double>) throws(ForestError) {
        try check(row)
        if hold(row) { return }
        accept(row)
        learn(scoring: false)
        countUpdate()
    }

    /// Scores a row, then learns it.
    public func scoreThenUpdate(_ row: [Double]) throws(ForestError) -> Double? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try scoreThenUpdate(row) }
    }

    /// Scores a row, then learns it.
    public func scoreThenUpdate(_ row: UnsafeBufferPointer<Double>) throws(ForestError) -> Double? {
        try check(row)
        let ready = isReady
        if hold(row) { return nil }
        accept(row)
        let score = learn(scoring: ready)
        countUpdate()
        return ready ? score : nil
    }

    /// How much each value of a row adds to its score. Learns nothing.
    public func attribution(_ row: [Double]) throws(ForestError) -> Attribution? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in
            try check(row)
            guard isReady else { return nil }
            accept(row)
            return attributedQuery()
        }
    }

    /// Settles the origins at 0, or by the rows that are held: for rows that come as Float.
    @inline(__always)
    func settleOrigins() {
        if !origins.isSettled { learnHeldRows() }
    }

    /// Holds a row back while the origins are not settled. True if it was taken.
    private func hold(_ row: UnsafeBufferPointer<Double>) -> Bool {
        guard !origins.isSettled else { return false }
        let last = origins.hold(row)
        countUpdate()
        if last { learnHeldRows() }
        return true
    }

    private func learnHeldRows() {
        origins.settle()
        let rows = origins.releaseHeld()
        let size = shingle.rowSize
        rows.withUnsafeBufferPointer { rows in
            for first in stride(from: 0, to: rows.count, by: size) {
                accept(UnsafeBufferPointer(rebasing: rows[first..<first + size]))
                learn(scoring: false)
            }
        }
    }

    private func check(_ row: UnsafeBufferPointer<Double>) throws(ForestError) {
        let size = shingle.rowSize
        guard row.count == size else { throw wrongSize(row.count) }
        for dimension in 0..<size where !row[dimension].isFinite {
            throw ForestError(.notFinite, "dimension \(dimension) is \(row[dimension])", dimension: dimension)
        }
    }

    private func accept(_ row: UnsafeBufferPointer<Double>) {
        let size = shingle.rowSize
        let earlier = size * (shingle.rowCount - 1)
        for dimension in 0..<size {
            query.values[earlier + dimension] = rounded(Float(row[dimension] - origins.values[dimension]))
        }
        if earlier > 0 { shingle.writeEarlierRows(to: query.values) }
    }
}
