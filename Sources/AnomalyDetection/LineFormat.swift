public import LogRecords
public import Patterns

/// How the lines of a stream become records.
public enum LineFormat: Sendable {
    /// A format that is known.
    case log(LogFormat)
    /// A pattern of the user's, whose named groups become fields.
    case pattern(Pattern)

    /// For people: `json`, or the pattern itself.
    public var name: String {
        switch self {
        case .log(let format): format.name
        case .pattern(let pattern): "pattern \(pattern.text)"
        }
    }
}
