/// Why a filter is refused. The message begins as Lambda's does.
public struct FilterPatternError: Error, Sendable, Hashable, CustomStringConvertible {
    public let message: String

    init(_ reason: String) {
        message = "Invalid filter pattern definition. \(reason)"
    }

    /// The same pattern is refused again.
    public var isRetriable: Bool { false }

    public var description: String { message }
}
