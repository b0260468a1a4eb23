/// Who puts the rows of a shingle together.
public enum Shingling: String, Sendable, Hashable, CaseIterable {
    /// The forest does: it is given single rows.
    case `internal`
    /// The caller does: it gives whole points, the oldest row first.
    case external
}
