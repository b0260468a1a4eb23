/// The entity's part where a model outside scores.
extension EntityDetector {
    /// Learns what the record's values are like.
    ///
    /// - Parameters:
    ///   - values: one raw value per feature, NaN where missing; gaps are filled in here.
    ///   - timestamp: nanoseconds since 1970, if the record has a time.
    /// - Returns: the record, with what was expected before it.
    func observe(_ values: UnsafeBufferPointer<Double>, timestamp: Int64?) -> NormalizedRow {
        normalizer.load(values, timestamp: timestamp)
        let row = normalizer.row
        normalizer.learn()
        return row
    }

    /// The raw values, all finite: a missing one has its place taken by the expected one.
    func completeValues(of row: NormalizedRow) -> [Double] {
        features.indices.map { index in
            let value = row.raw[index]
            let known = value.isNaN ? features[index].transform.invert(row.statistics[index].mean) : value
            return max(-RowNormalizer.rawLimit, min(RowNormalizer.rawLimit, known))
        }
    }

    /// The verdict of a record that has its score. Records are judged in the order in which they were observed.
    func judge(_ row: NormalizedRow, score: Double) -> Verdict {
        let limit = threshold.value
        threshold.learn(score)
        return Verdict(
            score: score,
            threshold: limit,
            isEarly: false,
            entity: entity,
            drivers: score > limit ? drivers(of: row) : []
        )
    }

    /// The features that deviate most from what was expected. The model outside names none, so a feature's share is
    /// that of its squared deviation, in units of its own past noise.
    private func drivers(of row: NormalizedRow) -> [Driver] {
        let squares = features.indices.map { index in
            let past = row.statistics[index]
            guard !row.coordinates[index].isNaN, past.count > 0 else { return 0.0 }
            let noise = max(past.standardDeviation, features[index].noiseFloor)
            let deviation = (row.coordinates[index] - past.mean) / noise
            return deviation * deviation
        }
        return drivers(of: row, parts: squares, total: squares.reduce(0, +))
    }
}
