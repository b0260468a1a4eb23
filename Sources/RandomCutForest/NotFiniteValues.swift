/// What is done with values that are not finite: NaN and the infinities. Trees never hold one.
public enum NotFiniteValues: String, Sendable, Hashable, CaseIterable {
    /// The row is refused with an error that names the dimension, and the forest stays as it was.
    case refused
    /// They are missing: each gets the value that the forest expects beside the others of the row, see
    /// ``RandomCutForest/impute(_:missing:)``.
    case imputed
}
