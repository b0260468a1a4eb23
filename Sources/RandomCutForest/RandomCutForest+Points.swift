extension RandomCutForest {
    /// The newest shingle, oldest row first; nil until `shingleSize` rows came, and without internal shingling.
    public var lastPoint: [Float]? {
        guard shingle.isFull else { return nil }
        var point = [Float](repeating: 0, count: configuration.pointDimensions)
        point.withUnsafeMutableBufferPointer { point in
            if let start = point.baseAddress { shingle.writeRows(to: start) }
        }
        for dimension in point.indices { point[dimension] = restored(point[dimension], dimension) }
        return point
    }

    /// The whole point that a row makes with the rows before it: what ``score(_:)-([Float])`` scores.
    ///
    /// - Parameter row: `dimensions` finite values.
    /// - Returns: The oldest row first; nil while rows before it are missing.
    public func point(endingWith row: [Float]) throws(ForestError) -> [Float]? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try accept(row) }
        guard shingle.completes else { return nil }
        return (0..<trees.shape.dimensions).map { restored(query.values[$0], $0) }
    }

    /// Whether whole points can be scored: as ``isReady``, but whatever the shingle holds.
    public var isReadyForPoints: Bool {
        updateCount >= configuration.outputAfter && points.liveCount > 0
    }

    /// How unusual a whole point is: with internal shingling a shingle of its own, not of the last rows.
    ///
    /// - Parameter point: `dimensions` times `shingleSize` finite values, the oldest row first.
    /// - Returns: The score, or nil before the forest is ready.
    public func score(point: [Float]) throws(ForestError) -> Double? {
        try accept(point: point, missing: [])
        return isReadyForPoints ? scoreQuery() : nil
    }

    /// How much each value of a whole point adds to its score.
    public func attribution(point: [Float]) throws(ForestError) -> Attribution? {
        try accept(point: point, missing: [])
        return isReadyForPoints ? attributedQuery() : nil
    }

    /// Checks a whole point and makes the query of it; missing values are taken as 0.
    func accept(point: [Float], missing: [Int]) throws(ForestError) {
        let size = configuration.pointDimensions
        guard point.count == size else {
            throw ForestError(
                .dimensionMismatch,
                "the point has \(point.count) values, the forest's points have \(size)"
            )
        }
        for dimension in missing where !(0..<size ~= dimension) {
            throw ForestError(
                .invalidArgument,
                "missing dimension \(dimension) is not in 0..<\(size)",
                dimension: dimension
            )
        }
        for dimension in 0..<size {
            let value = point[dimension]
            if !value.isFinite {
                guard missing.contains(dimension) else {
                    throw ForestError(.notFinite, "dimension \(dimension) is \(value)", dimension: dimension)
                }
                query.values[dimension] = 0
                continue
            }
            query.values[dimension] = shifted(value, dimension)
        }
    }
}
