import RandomCutForest

extension ThresholdedRandomCutForest {
    /// Holds one of the first rows back, and learns all of them with the last one.
    func hold(_ row: [Double], at time: Double) throws(ForestError) {
        firstRows.append(row, at: time)
        guard firstRows.rows.count == configuration.transform.startRows else { return }
        let rows = firstRows.filled()
        let transformed = transformer.start(rows)
        for index in rows.indices {
            try forest.update(transformed[index])
            history.append(rows[index], at: firstRows.times[index])
        }
        firstRows = FirstRows()
    }

    /// The row with something in the place of missing values.
    func filled(_ row: [Double]) throws(ForestError) -> [Double] {
        let missing = row.indices.filter { row[$0].isNaN }
        guard !missing.isEmpty else { return row }
        var filled = row
        let previous = history.row(-1)?.values ?? row
        for dimension in missing { filled[dimension] = previous[dimension] }
        guard configuration.missingValues == .imputed else { return filled }
        guard let imputed = try forest.impute(transformer.transformed(filled), missing: missing) else {
            return filled
        }
        let restored = transformer.restored(imputed)
        for dimension in missing { filled[dimension] = restored[dimension] }
        return filled
    }

    /// Refuses what the forest cannot take, before anything is changed.
    func check(_ row: [Double], _ time: Double) throws(ForestError) {
        guard row.count == transformed.count else {
            throw ForestError(
                .dimensionMismatch,
                "the row has \(row.count) values, the forest \(transformed.count) dimensions"
            )
        }
        for dimension in row.indices {
            let value = row[dimension]
            if value.isNaN, configuration.missingValues != .refused { continue }
            guard abs(value) <= Double(Float.greatestFiniteMagnitude) else {
                throw ForestError(.notFinite, "dimension \(dimension) is \(value)", dimension: dimension)
            }
        }
        guard time.isFinite else { throw ForestError(.notFinite, "the time is \(time)") }
    }
}
