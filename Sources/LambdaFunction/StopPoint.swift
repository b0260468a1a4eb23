/// A step after which a test may end the function, as a crash or a time-out would.
public enum StopPoint: Sendable, Hashable, CustomStringConvertible {
    case parse
    case score
    /// The sink of this name has stored.
    case sink(String)
    case checkpoint
    case response

    public var description: String {
        switch self {
        case .parse: "parse"
        case .score: "score"
        case .sink(let name): "sink:\(name)"
        case .checkpoint: "checkpoint"
        case .response: "response"
        }
    }
}
