import JSONText

/// Why an event cannot be read.
public struct EventError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// No JSON, or a member has not the kind that its source's contract says.
        case malformed = "Event.Malformed"
        /// Of no source that is known.
        case unknown = "Event.Unknown"
    }

    public let code: Code
    public let message: String

    /// The same event fails again.
    public var isRetriable: Bool { false }

    public var description: String { message }

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: JSONError) {
        self.init(.malformed, "the event is malformed: \(error.message)")
    }
}
