/// What a shell can offer for a value.
public enum Completion: Hashable, Sendable {
    case nothing
    case files
    case directories
    case choices([String])
}
