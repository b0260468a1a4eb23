/// What a JSON value is, as its first byte tells.
public enum JSONKind: String, Sendable, Hashable {
    case object, array, string, number, boolean, null
}
