import RandomCutForest

extension ThresholdedRandomCutForest {
    /// Judges a row by what was learned before it, then learns it.
    func judgeAndLearn(_ row: [Double], _ graded: inout GradedRow) throws(ForestError) {
        let filled = try filled(row)
        transformer.transform(filled, into: &transformed)
        if let score = try forest.score(transformed) { try judge(score, filled, &graded) }
        try forest.update(transformed)
        transformer.update(row, filled: filled)
        corrector.noteShift(of: graded.index, transformer)
        history.append(filled, at: graded.time)
    }

    private func judge(_ score: Double, _ row: [Double], _ graded: inout GradedRow) throws(ForestError) {
        let decision = thresholder.decision(for: score)
        let candidate = PredictorCorrector.Candidate(
            index: graded.index,
            row: transformed,
            score: score,
            threshold: decision.threshold,
            grade: decision.grade
        )
        let judgement = try corrector.judge(candidate, transformer, forest)
        graded.score = score
        graded.threshold = decision.threshold
        graded.grade = judgement.grade
        graded.correction = judgement.correction
        if judgement.grade > 0, let finding = judgement.finding {
            graded.anomaly = anomaly(finding, row, graded)
        }
        thresholder.update(score, corrected: judgement.correctedScore, last: lastScore)
        if configuration.forest.shingleSize > 1 { lastScore = score }
    }

    private func anomaly(
        _ finding: PredictorCorrector.Finding,
        _ row: [Double],
        _ graded: GradedRow
    ) -> GradedRow.Anomaly {
        let relativeIndex = finding.relativeIndex
        let found = history.row(relativeIndex) ?? (row, graded.time)
        let attribution = finding.attribution.scaled(to: graded.score ?? 0)
        let dimensions = attribution.dimensions(ofRow: relativeIndex, rowSize: row.count)
        let expected = finding.expected.map { expected in
            let restored = transformer.restored(
                expected.row,
                previous: history.row(relativeIndex - 1)?.values
            )
            return row.indices.map { dimension in
                let isReplaced = expected.dimensions.contains(dimensions.lowerBound + dimension)
                return isReplaced ? restored[dimension] : found.values[dimension]
            }
        }
        return GradedRow.Anomaly(
            relativeIndex: relativeIndex,
            time: found.time,
            values: found.values,
            expectedValues: expected,
            attribution: attribution,
            contributions: dimensions.map { attribution.part($0) }
        )
    }
}
