/// Why bytes are not the JSON that was asked for.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// No JSON text by RFC 8259.
        case malformed
        /// The bytes end inside a value.
        case truncated
        /// More values inside each other than the reader's bound.
        case tooDeep
        /// A value of another kind than the one asked for.
        case unexpectedKind
        /// A number that the type asked for cannot hold.
        case outOfRange
    }

    public let code: Code
    /// Where it was seen, in bytes from the beginning.
    public let offset: Int
    /// Names the place.
    public let message: String

    /// The same bytes fail again.
    public var isRetriable: Bool { false }

    public var description: String { message }

    public init(_ code: Code, at offset: Int, _ reason: String) {
        self.code = code
        self.offset = offset
        message = "invalid JSON at byte \(offset): \(reason)"
    }
}
