extension RandomCutForest {
    /// The rows that are expected next: each is imputed from those before it, and taken for true by those
    /// after it. Learns nothing.
    ///
    /// The interval of a step is how far the trees differ, not a confidence: it does not know how far earlier
    /// forecasts were wrong, and steps far ahead stand on imputed ones. ``ForecastCalibrator`` knows.
    /// O(steps · trees · leaves reached · log sampleSize · point dimensions).
    ///
    /// - Parameters:
    ///   - steps: Rows to forecast, from 1 on.
    ///   - coverage: The share of the trees' proposals between lower and upper, 0 to 1.
    ///   - centrality: As for ``conditionalField(_:missing:centrality:)``.
    /// - Returns: The forecast; nil before the forest is ready or a shingle is full.
    /// - Throws: `invalidArgument` too where a shingle has one row only: there is nothing to go on from.
    public func forecast(
        steps: Int,
        coverage: Double = 0.8,
        centrality: Double = 1
    ) throws(ForestError) -> Forecast? {
        guard configuration.shingling == .internal else {
            throw ForestError(.invalidArgument, "with external shingling a forecast needs the last point")
        }
        try require(steps, coverage, centrality)
        guard shingle.isFull, isReadyForPoints else { return nil }
        shingle.writeRows(to: query.values)
        return forecastQuery(steps, coverage, centrality)
    }

    /// The rows that are expected after a whole point.
    ///
    /// - Parameter point: `dimensions` times `shingleSize` finite values, the oldest row first.
    public func forecast(
        after point: [Float],
        steps: Int,
        coverage: Double = 0.8,
        centrality: Double = 1
    ) throws(ForestError) -> Forecast? {
        try require(steps, coverage, centrality)
        try accept(point: point, missing: [])
        return isReadyForPoints ? forecastQuery(steps, coverage, centrality) : nil
    }

    /// Goes on from the query; leaves in it the last rows of the point and the medians of the forecast.
    private func forecastQuery(_ steps: Int, _ coverage: Double, _ centrality: Double) -> Forecast {
        let size = configuration.pointDimensions
        let block = configuration.dimensions
        let newest = Array(size - block..<size)
        var forecast = Forecast(steps: [])
        for _ in 0..<steps {
            for index in 0..<size - block { query.values[index] = query.values[index + block] }
            for index in newest { query.values[index] = 0 }
            let (found, distances) = completions(missing: newest, centrality: centrality)
            let field = conditionalField(found, distances, missing: newest, reported: newest)
            forecast.steps.append(
                Forecast.Step(
                    median: field.median,
                    lower: field.quantile((1 - coverage) / 2),
                    upper: field.quantile((1 + coverage) / 2)
                )
            )
            for index in newest { query.values[index] = median(found, index) }
        }
        return forecast
    }

    private func require(
        _ steps: Int,
        _ coverage: Double,
        _ centrality: Double
    ) throws(ForestError) {
        guard configuration.shingleSize > 1 else {
            throw ForestError(.invalidArgument, "a forecast needs a shingleSize of 2 or more")
        }
        guard steps >= 1 else {
            throw ForestError(.invalidArgument, "steps is \(steps), must be at least 1")
        }
        guard 0...1 ~= coverage else {
            throw ForestError(.invalidArgument, "coverage is \(coverage), must be 0 to 1")
        }
        try require(centrality: centrality)
    }
}
