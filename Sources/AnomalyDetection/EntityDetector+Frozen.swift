import RandomCutForest

/// The entity's part where nothing is learnt.
extension EntityDetector {
    /// Scores a record that stands alone.
    ///
    /// - Parameters:
    ///   - values: one raw value per feature, NaN where missing.
    ///   - timestamp: nanoseconds since 1970, if the record has a time.
    func score(_ values: UnsafeBufferPointer<Double>, timestamp: Int64?) -> LineOutcome {
        guard let forest else { preconditionFailure("scores of this entity come from outside") }
        var copy = normalizer
        copy.forgetPrevious()
        copy.load(values, timestamp: timestamp)
        do {
            guard let score = try forest.score(copy.point) else { return LineOutcome(kind: .skipped) }
            let limit = threshold.value
            let verdict = Verdict(
                score: score,
                threshold: limit,
                isEarly: forest.updateCount < forest.configuration.sampleSize,
                entity: entity,
                drivers: score > limit ? try drivers(of: copy.row, point: copy.point, forest) : []
            )
            return LineOutcome(kind: .scored(verdict), timestamp: timestamp)
        } catch {
            return LineOutcome(kind: .failed(error.message), timestamp: timestamp)
        }
    }

    private func drivers(
        of row: NormalizedRow,
        point: [Float],
        _ forest: RandomCutForest
    ) throws(ForestError) -> [Driver] {
        guard let attribution = try forest.attribution(point) else { return [] }
        let parts = features.indices.map { attribution.high[$0] + attribution.low[$0] }
        return drivers(of: row, parts: parts, total: attribution.score)
    }
}
