extension RandomCutForest {
    /// What the missing values of a row may be, given the others. Learns nothing.
    ///
    /// Each tree searches for the point of its sample that completes the row with the lowest score (the conditional
    /// field of AWS's forests). O(trees · leaves reached · log sampleSize · dimensions).
    ///
    /// - Parameters:
    ///   - row: `dimensions` values; those that are missing may be NaN.
    ///   - missing: Dimensions of the row; by default those that are NaN.
    ///   - centrality: From 1, each tree gives the value that fits best, to 0, each gives any value that it has seen with
    ///     the others: a sample of the possible ones.
    /// - Returns: The proposals of the trees, or nil before the forest is ready.
    public func conditionalField(
        _ row: [Float],
        missing: [Int]? = nil,
        centrality: Double = 1
    ) throws(ForestError) -> ConditionalField? {
        let missing = missing ?? row.indices.filter { row[$0].isNaN }
        var known = row
        for dimension in missing {
            guard row.indices ~= dimension else {
                throw ForestError(
                    .invalidArgument,
                    "missing dimension \(dimension) is not in 0..<\(row.count)",
                    dimension: dimension
                )
            }
            known[dimension] = 0
        }
        try known.withUnsafeBufferPointer { (row) throws(ForestError) in try accept(row) }
        try require(centrality: centrality)
        guard isReady else { return nil }
        let first = trees.shape.dimensions - configuration.inputDimensions
        return completeQuery(missing: missing.map { first + $0 }, reported: missing, centrality: centrality)
    }

    /// What the missing values of a whole point may be, given the others.
    ///
    /// - Parameter point: `dimensions` times `shingleSize` values, the oldest row first.
    public func conditionalField(
        point: [Float],
        missing: [Int]? = nil,
        centrality: Double = 1
    ) throws(ForestError) -> ConditionalField? {
        let missing = missing ?? point.indices.filter { point[$0].isNaN }
        try accept(point: point, missing: missing)
        try require(centrality: centrality)
        guard isReadyForPoints else { return nil }
        return completeQuery(missing: missing, reported: missing, centrality: centrality)
    }

    /// A row with its missing values set to the medians over the trees.
    ///
    /// - Parameter missing: By default the dimensions that are NaN.
    /// - Returns: The row, the same if nothing is missing; nil before the forest is ready.
    public func impute(_ row: [Float], missing: [Int]? = nil) throws(ForestError) -> [Float]? {
        try conditionalField(row, missing: missing)?.fill(row)
    }

    /// A whole point with its missing values set to the medians over the trees.
    public func impute(point: [Float], missing: [Int]? = nil) throws(ForestError) -> [Float]? {
        try conditionalField(point: point, missing: missing)?.fill(point)
    }

    func require(centrality: Double) throws(ForestError) {
        guard 0...1 ~= centrality else {
            throw ForestError(.invalidArgument, "centrality is \(centrality), must be 0 to 1")
        }
    }

    /// Completes the query in all trees. The field's values are as the caller knows them.
    func completeQuery(missing: [Int], reported: [Int], centrality: Double) -> ConditionalField {
        let (found, distances) = completions(missing: missing, centrality: centrality)
        return conditionalField(found, distances, missing: missing, reported: reported)
    }

    /// The field that the trees' points make, as the caller knows its values.
    func conditionalField(
        _ found: [Int],
        _ distances: [Double],
        missing: [Int],
        reported: [Int]
    ) -> ConditionalField {
        let proposals = missing.map { dimension in
            found.map { restored(points.coordinates($0)[dimension], dimension) }
        }
        return ConditionalField(missing: reported, distances: distances, proposals: proposals)
    }

    /// The median of a dimension over points, as the trees hold them: the lower of two.
    func median(_ found: [Int], _ dimension: Int) -> Float {
        let sorted = found.map { points.coordinates($0)[dimension] }.sorted()
        return sorted[(sorted.count - 1) / 2]
    }

    /// The point by which each tree completes the query, and its distance from it.
    func completions(missing: [Int], centrality: Double) -> (points: [Int], distances: [Double]) {
        let scratch = scratch
        for dimension in missing { scratch.isMissing[dimension] = true }
        defer { for dimension in missing { scratch.isMissing[dimension] = false } }
        for dimension in 0..<trees.shape.dimensions {
            scratch.completed.values[dimension] = query.values[dimension]
        }
        var found: [Int] = []
        var distances: [Double] = []
        // Of its own, so that a question does not change what the forest learns later.
        var generator = ForestGenerator(seed: configuration.seed &+ UInt64(updateCount) << 20)
        for tree in 0..<trees.treeCount {
            let candidate = trees.completion(
                tree,
                of: query,
                missing: missing,
                centrality: centrality,
                &generator,
                walk.inverses,
                points,
                sampler,
                scratch
            )
            found.append(candidate.point)
            distances.append(candidate.distance)
        }
        return (found, distances)
    }
}

extension ConditionalField {
    fileprivate func fill(_ values: [Float]) -> [Float] {
        var filled = values
        for (dimension, value) in zip(missing, median) { filled[dimension] = value }
        return filled
    }
}
