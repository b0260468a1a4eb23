/// Scoring that learns nothing: the same line gives the same score whenever and however often it comes.
extension StreamDetector {
    /// Scores the lines that `ranges` cut out of `bytes`; one outcome for each, in order. O(lines)
    ///
    /// Each line stands alone: it has no gap and no difference to another. Lines of an entity that has no model, or none
    /// that gives scores yet, are skipped.
    ///
    /// - Precondition: the settings say `forests`.
    public func score(_ bytes: UnsafeBufferPointer<UInt8>, lines ranges: [Range<Int>]) -> [LineOutcome] {
        let state = decoderState
        defer { decoderState = state }
        var table = RowTable(rowCount: ranges.count, featureCount: plan.features.count)
        var names = Array(repeating: [UInt8](), count: workers.count)
        extract(bytes, ranges, into: &table, names: &names)
        var outcomes = table.outcomes
        for part in 0..<workers.count {
            for index in workers.range(part, of: ranges.count) {
                guard case .extracted = table.rows[index].outcome,
                    let entry = entities.entry(of: Array(names[part][table.rows[index].entity]))
                else { continue }
                outcomes[index] = table.withValues(of: index) { values in
                    entry.detector.score(values, timestamp: table.rows[index].timestamp)
                }
            }
        }
        return outcomes
    }
}
