/// What is done about a value that is NaN.
public enum MissingValues: String, Sendable, Hashable, CaseIterable {
    /// The row is refused with an error.
    case refused
    /// The value of the row before takes its place, as in AWS's standard mode.
    case previous
    /// The forest says what it may be, given the rest of the row and the rows before it; until the forest is ready, the value of
    /// the row before takes its place.
    case imputed
}
