/// What became of a line.
public enum ParseOutcome: Sendable, Hashable {
    /// The record holds the line's fields.
    case record
    /// Nothing to score, and no error.
    case skipped(SkipReason)
    /// The line does not fit the format.
    case failed(LogParseError)

    public enum SkipReason: String, Sendable, Hashable, CaseIterable {
        /// Nothing but white space.
        case blank
        /// A header line of a delimited format.
        case header
        /// A comment or directive, such as `#Software:`.
        case comment
    }
}
