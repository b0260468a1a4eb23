// Rows with values that are missing. An imputed value is one that the forest has seen beside similar others: it adds
// little to a score, and learning it brings no new value in.

extension RandomCutForest {
    /// How unusual a row is, some of whose values may be missing. Learns nothing.
    ///
    /// - Returns: The score of the completed row; nil before the forest is ready, and where no value is known.
    public func score(_ row: [Float], notFinite: NotFiniteValues) throws(ForestError) -> Double? {
        guard notFinite == .imputed, !isFinite(row) else { return try score(row) }
        return try acceptImputing(row) && isReady ? scoreQuery() : nil
    }

    /// How unusual a row is, some of whose values may be missing. Learns nothing.
    public func score(_ row: [Double], notFinite: NotFiniteValues) throws(ForestError) -> Double? {
        guard notFinite == .imputed, !isFinite(row) else { return try score(row) }
        return try acceptImputing(row) && isReady ? scoreQuery() : nil
    }

    /// How much each value of a row, some of which may be missing, adds to its score. Learns nothing.
    public func attribution(
        _ row: [Float],
        notFinite: NotFiniteValues
    ) throws(ForestError) -> Attribution? {
        guard notFinite == .imputed, !isFinite(row) else { return try attribution(row) }
        return try acceptImputing(row) && isReady ? attributedQuery() : nil
    }

    /// How much each value of a row, some of which may be missing, adds to its score. Learns nothing.
    public func attribution(
        _ row: [Double],
        notFinite: NotFiniteValues
    ) throws(ForestError) -> Attribution? {
        guard notFinite == .imputed, !isFinite(row) else { return try attribution(row) }
        return try acceptImputing(row) && isReady ? attributedQuery() : nil
    }

    /// Learns a row, some of whose values may be missing.
    ///
    /// Missing values are imputed as soon as the forest holds a point, and the shingle lacks only this row. Before
    /// that, and where no value of the row is known, the row is a gap: see ``beginShingle()``.
    ///
    /// - Returns: Whether the row was taken; false for a gap, which is not counted either.
    @discardableResult
    public func update(_ row: [Float], notFinite: NotFiniteValues) throws(ForestError) -> Bool {
        guard notFinite == .imputed, !isFinite(row) else {
            try update(row)
            return true
        }
        return try learnImputing(row, scoring: false).isTaken
    }

    /// Learns a row, some of whose values may be missing.
    @discardableResult
    public func update(_ row: [Double], notFinite: NotFiniteValues) throws(ForestError) -> Bool {
        guard notFinite == .imputed, !isFinite(row) else {
            try update(row)
            return true
        }
        return try learnImputing(row, scoring: false).isTaken
    }

    /// Scores a row, some of whose values may be missing, then learns it.
    ///
    /// - Returns: The score of the completed row; nil before the forest is ready, and for a gap.
    public func scoreThenUpdate(_ row: [Float], notFinite: NotFiniteValues) throws(ForestError) -> Double? {
        guard notFinite == .imputed, !isFinite(row) else { return try scoreThenUpdate(row) }
        return try learnImputing(row, scoring: true).score
    }

    /// Scores a row, some of whose values may be missing, then learns it.
    public func scoreThenUpdate(_ row: [Double], notFinite: NotFiniteValues) throws(ForestError) -> Double? {
        guard notFinite == .imputed, !isFinite(row) else { return try scoreThenUpdate(row) }
        return try learnImputing(row, scoring: true).score
    }

    private func isFinite(_ row: [some BinaryFloatingPoint]) -> Bool { row.allSatisfy(\.isFinite) }

    private func learnImputing(
        _ row: [some BinaryFloatingPoint],
        scoring: Bool
    ) throws(ForestError) -> (isTaken: Bool, score: Double?) {
        guard try acceptImputing(row) else {
            beginShingle()
            return (false, nil)
        }
        let scoring = scoring && isReady
        let score = learn(scoring: scoring)
        countUpdate()
        return (true, scoring ? score : nil)
    }

    /// Checks a row and makes the query of it, with medians over the trees for what is missing. False if there is
    /// nothing to impute from.
    private func acceptImputing(_ row: [some BinaryFloatingPoint]) throws(ForestError) -> Bool {
        let size = shingle.rowSize
        guard row.count == size else { throw wrongSize(row.count) }
        // A forest that holds a point has settled its origins.
        guard points.liveCount > 0, shingle.completes, row.contains(where: \.isFinite) else { return false }
        let earlier = size * (shingle.rowCount - 1)
        if earlier > 0 { shingle.writeEarlierRows(to: query.values) }
        var missing: [Int] = []
        for dimension in 0..<size {
            let isKnown = row[dimension].isFinite
            let shifted = isKnown ? Float(Double(row[dimension]) - origins.values[dimension]) : 0
            query.values[earlier + dimension] = rounded(shifted)
            if !isKnown { missing.append(earlier + dimension) }
        }
        let found = completions(missing: missing, centrality: 1).points
        for dimension in missing { query.values[dimension] = median(found, dimension) }
        return true
    }
}
