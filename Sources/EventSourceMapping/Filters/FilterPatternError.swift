/// Why a filter is refused.
public struct FilterPatternError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with it.
    public let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    /// The same pattern is refused again.
    public var isRetriable: Bool { false }

    /// Begins as Lambda's message does.
    public var description: String { "Invalid filter pattern definition. \(reason)" }
}
