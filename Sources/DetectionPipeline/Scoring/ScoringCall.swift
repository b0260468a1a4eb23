import AnomalyDetection

/// One call of a scorer: which rows of which batch.
struct ScoringCall: Sendable {
    /// The batch, by its place in the delivery.
    let batch: Int
    let rows: ArraySlice<[Double]>

    /// What became of it. The answers belong to rows from the call's first on; one that is nil is not known yet.
    struct Result: Sendable {
        var answers: [RowAnswer?]
        var error: (any Error)?
    }

    /// Makes the call, and what it takes to find rows that the scorer refuses. Blocks.
    func perform(with scorer: any RowScorer) -> Result {
        var result = Result(answers: Array(repeating: nil, count: rows.count))
        do {
            try bisect(Array(rows.indices)[...]) { indices in
                let part = rows[(indices.first ?? 0)..<(indices.last ?? -1) + 1]
                let scores = try scorer.score(part)
                precondition(scores.count == part.count, "\(scores.count) scores for \(part.count) rows")
                for (index, score) in zip(indices, scores) {
                    result.answers[index - rows.startIndex] = .score(score)
                }
            } poisoned: { index, error in
                result.answers[index - rows.startIndex] = .refused("\(scorer.name): \(error)")
            }
        } catch {
            result.error = error
        }
        return result
    }
}

extension UnscoredLines {
    /// The calls for the rows that have no answer yet, each of neighbours.
    func calls(of batch: Int, for scorer: any RowScorer) -> [ScoringCall] {
        var calls: [ScoringCall] = []
        var start = rows.startIndex
        while start < rows.endIndex {
            guard answers[start] == nil else {
                start += 1
                continue
            }
            let end = answers[start...].firstIndex { $0 != nil } ?? rows.endIndex
            let size = min(max(1, scorer.callSize(rows[start..<end])), end - start)
            calls.append(ScoringCall(batch: batch, rows: rows[start..<start + size]))
            start += size
        }
        return calls
    }

    /// Takes over what a call gave.
    mutating func take(_ result: ScoringCall.Result, of call: ScoringCall) {
        for (index, answer) in zip(call.rows.indices, result.answers) where answer != nil {
            answers[index] = answer
        }
    }
}
