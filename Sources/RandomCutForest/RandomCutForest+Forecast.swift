extension RandomCutForest {
    /// The rows that are expected next: each is imputed from those before it, and taken for true by those
    /// after it. Learns nothing.
    ///
    /// The interval of a step is how far the trees differ, not a confidence: it does not know how far earlier
    /// forecasts were wrong, and steps far ahead stand on imputed ones. O(steps · trees · leaves reached · log
    /// sampleSize · point dimensions).
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
        guard let lastPoint else {
            try require(steps, coverage)
            return nil
        }
        return try forecast(after: lastPoint, steps: steps, coverage: coverage, centrality: centrality)
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
        try require(steps, coverage)
        let block = configuration.dimensions
        let newest = Array(configuration.pointDimensions - block..<configuration.pointDimensions)
        try accept(point: point, missing: [])
        var point = point
        var forecast = Forecast(steps: [])
        for _ in 0..<steps {
            point.removeFirst(block)
            point.append(contentsOf: repeatElement(0, count: block))
            let field = try conditionalField(point: point, missing: newest, centrality: centrality)
            guard let field else { return nil }
            let step = Forecast.Step(
                median: field.median,
                lower: field.quantile((1 - coverage) / 2),
                upper: field.quantile((1 + coverage) / 2)
            )
            point.replaceSubrange(newest[0]..., with: step.median)
            forecast.steps.append(step)
        }
        return forecast
    }

    private func require(_ steps: Int, _ coverage: Double) throws(ForestError) {
        guard configuration.shingleSize > 1 else {
            throw ForestError(.invalidArgument, "a forecast needs a shingleSize of 2 or more")
        }
        guard steps >= 1 else {
            throw ForestError(.invalidArgument, "steps is \(steps), must be at least 1")
        }
        guard 0...1 ~= coverage else {
            throw ForestError(.invalidArgument, "coverage is \(coverage), must be 0 to 1")
        }
    }
}
