extension RandomCutForest {
    /// What an unusual row should have been: the values that drive its score, imputed from the others. Learns nothing.
    ///
    /// The row of the shingle that adds most to the score is looked at; of its values those that add at least a tenth of
    /// its part are imputed (``conditionalField(point:missing:centrality:)``), as AWS's thresholded forest does. The
    /// answer is the better the fewer they are. Costs an attribution and an imputation.
    ///
    /// - Parameter row: `dimensions` finite values.
    /// - Returns: Nil before the forest is ready; and where more than five values, or more than half of the point, would
    ///   have to be guessed: for a single value without a past there is nothing to go on from.
    public func expectedPoint(_ row: [Float]) throws(ForestError) -> ExpectedPoint? {
        guard let attribution = try attribution(row), let point = try point(endingWith: row) else {
            return nil
        }
        return try expectedPoint(point: point, attribution: attribution)
    }

    /// What an unusual whole point should have been.
    ///
    /// - Parameters:
    ///   - point: `dimensions` times `shingleSize` finite values, the oldest row first.
    ///   - attribution: That of the point.
    ///   - newest: Only so many of the newest rows are looked at: from 1 to `shingleSize`, all of them by default.
    public func expectedPoint(
        point: [Float],
        attribution: Attribution,
        newest: Int? = nil
    ) throws(ForestError) -> ExpectedPoint? {
        try accept(point: point, missing: [])
        let rowSize = configuration.dimensions
        let newest = newest ?? configuration.shingleSize
        guard attribution.high.count == point.count, attribution.low.count == point.count else {
            throw ForestError(.dimensionMismatch, "the attribution is not that of a point of the forest")
        }
        guard 1...configuration.shingleSize ~= newest else {
            throw ForestError(
                .invalidArgument,
                "newest is \(newest), must be 1 to \(configuration.shingleSize)"
            )
        }
        let relativeIndex = attribution.mostUnusualRow(rowSize: rowSize, newest: newest)
        let drivers = attribution.drivers(ofRow: relativeIndex, rowSize: rowSize)
        guard 1...5 ~= drivers.count, 2 * drivers.count <= point.count,
            let filled = try impute(point: point, missing: drivers)
        else { return nil }
        return ExpectedPoint(
            relativeIndex: relativeIndex,
            dimensions: drivers,
            point: filled,
            rowSize: rowSize
        )
    }
}
