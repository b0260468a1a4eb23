extension Attribution {
    /// What one dimension adds to the score, in both directions.
    public func part(_ dimension: Int) -> Double { high[dimension] + low[dimension] }

    /// The row of a shingle that adds most to the score: 0 for the newest, -1 for the one before it. Of rows that add
    /// the same, the oldest.
    ///
    /// - Parameters:
    ///   - rowSize: Values in a row.
    ///   - newest: Only so many of the newest rows are looked at, at least 1.
    public func mostUnusualRow(rowSize: Int, newest: Int) -> Int {
        var (best, largest) = (0, -1.0)
        for relativeIndex in (1 - newest)...0 {
            var sum = 0.0
            for dimension in dimensions(ofRow: relativeIndex, rowSize: rowSize) { sum += part(dimension) }
            if sum > largest { (best, largest) = (relativeIndex, sum) }
        }
        return best
    }

    /// The dimensions of a row that add at least a tenth of what the row adds to the score, ascending.
    public func drivers(ofRow relativeIndex: Int, rowSize: Int) -> [Int] {
        let row = dimensions(ofRow: relativeIndex, rowSize: rowSize)
        let sum = row.reduce(0) { $0 + part($1) }
        return row.filter { part($0) >= 0.1 * sum }
    }

    /// The dimensions of the point in which a row of the shingle lies.
    public func dimensions(ofRow relativeIndex: Int, rowSize: Int) -> Range<Int> {
        let end = high.count + relativeIndex * rowSize
        return end - rowSize..<end
    }

    /// The same proportions of another score. Nothing stays nothing.
    public func scaled(to score: Double) -> Attribution {
        let sum = self.score
        guard sum > 0 else { return self }
        return Attribution(high: high.map { $0 * score / sum }, low: low.map { $0 * score / sum })
    }
}
