/// Why a pattern cannot be used, or a match was given up.
public struct PatternError: Error, Sendable, Hashable {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The pattern is not a regular expression; `offset` says where in it.
        case invalidPattern = "invalid_pattern"
        /// The match took more steps or memory than the limits allow.
        case limitExceeded = "limit_exceeded"
        /// The library failed in another way.
        case failed
    }

    public let code: Code
    /// The byte of the pattern at which it is invalid.
    public let offset: Int?
    public let message: String

    /// The same pattern on the same text gives the same answer.
    public var isRetriable: Bool { false }

    init(_ code: Code, offset: Int? = nil, _ message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }
}

extension PatternError: CustomStringConvertible {
    public var description: String { message }
}
