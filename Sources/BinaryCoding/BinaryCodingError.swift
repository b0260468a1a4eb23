/// Why bytes could not be read.
public struct BinaryCodingError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// Truncated, changed, or of another kind.
        case damaged
        /// Written by a newer version.
        case newer
    }

    public let code: Code
    /// Names what was read and the place.
    public let message: String

    /// The same bytes fail again.
    public var isRetriable: Bool { false }

    public var description: String { "\(code.rawValue): \(message)" }

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
