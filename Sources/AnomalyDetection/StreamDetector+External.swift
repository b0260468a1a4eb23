/// Scoring by a model outside: lines to rows here, rows to scores there, scores to verdicts here.
///
/// The two steps may lie far apart, and those of a later batch may come in between: verdicts depend only on the order
/// of the lines, and that the batches are judged in theirs.
extension StreamDetector {
    /// Reads the lines that `ranges` cut out of `bytes`, and learns what their values are like. O(lines)
    ///
    /// Throws only what no line can cause.
    ///
    /// - Precondition: the settings say `external`.
    public func read(
        _ bytes: UnsafeBufferPointer<UInt8>,
        lines ranges: [Range<Int>]
    ) throws -> UnscoredLines {
        guard case .external = settings.scoring else { preconditionFailure("forests score these lines") }
        let (table, detectors) = try rows(of: bytes, lines: ranges)
        var pending: [UnscoredLines.PendingRow] = []
        for detector in detectors {
            for line in detector.takeRows() {
                let timestamp = table.rows[line].timestamp
                let row = table.withValues(of: line) { detector.observe($0, timestamp: timestamp) }
                pending.append(.init(line: line, timestamp: timestamp, detector: detector, row: row))
            }
        }
        pending.sort { $0.line < $1.line }
        return UnscoredLines(
            rows: pending.map { $0.detector.completeValues(of: $0.row) },
            outcomes: table.outcomes,
            pending: pending
        )
    }

    /// The outcomes of the lines, in their order, once the scorer has answered every row. O(rows)
    ///
    /// - Precondition: no answer is nil.
    public static func judge(_ lines: UnscoredLines) -> [LineOutcome] {
        var outcomes = lines.outcomes
        for (answer, pending) in zip(lines.answers, lines.pending) {
            let kind: LineOutcome.Kind =
                switch answer {
                case .score(let score): .scored(pending.detector.judge(pending.row, score: score))
                case .refused(let reason): .failed(reason)
                case nil: preconditionFailure("a row has no answer")
                }
            outcomes[pending.line] = LineOutcome(kind: kind, timestamp: pending.timestamp)
        }
        return outcomes
    }
}
