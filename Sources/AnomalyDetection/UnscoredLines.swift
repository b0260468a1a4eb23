/// The lines of a batch that a scorer outside has yet to judge: read, and their values learnt.
public struct UnscoredLines {
    /// What to score, in the order of the lines: for each feature of the plan its raw value, finite. A missing value
    /// has its place taken by the expected one.
    public let rows: [[Double]]
    /// What is known of each row; nil as long as the scorer has not answered.
    public var answers: [RowAnswer?]

    /// What became of every line, as far as it is known without the scorer.
    let outcomes: [LineOutcome]
    let pending: [PendingRow]

    /// A row's line, and who is to judge it.
    struct PendingRow {
        let line: Int
        let timestamp: Int64?
        let detector: EntityDetector
        let row: NormalizedRow
    }

    init(rows: [[Double]], outcomes: [LineOutcome], pending: [PendingRow]) {
        self.rows = rows
        self.outcomes = outcomes
        self.pending = pending
        answers = Array(repeating: nil, count: rows.count)
    }
}

/// What a scorer outside says of one row.
public enum RowAnswer: Sendable, Hashable {
    /// A finite number; the higher, the more unusual.
    case score(Double)
    /// It cannot score this row, and never will.
    case refused(String)
}
