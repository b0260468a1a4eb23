/// What became of one line.
public struct LineOutcome: Sendable {
    public enum Kind: Sendable {
        /// Blank, a header, a comment, or without a model where none is made: nothing to score, and no error.
        case skipped
        /// Could not be parsed or learnt; the reason names the place.
        case failed(String)
        /// Learnt by a model that gives no scores yet.
        case learnt
        case scored(Verdict)
    }

    public var kind: Kind
    /// The time that the line states, nanoseconds since 1970.
    public var timestamp: Int64?

    init(kind: Kind, timestamp: Int64? = nil) {
        self.kind = kind
        self.timestamp = timestamp
    }

    /// Nothing to score.
    public static let skipped = LineOutcome(kind: .skipped)
}
