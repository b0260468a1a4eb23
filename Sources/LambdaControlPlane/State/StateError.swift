/// Why stored functions or mappings cannot be read.
public struct StateError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// The directory cannot be made or read.
        case unusableDirectory
        /// A function or mapping is stored in a form that this program does not know.
        case unreadable
    }

    public let code: Code
    /// Names the place.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Another try fails again.
    public var isRetriable: Bool { false }

    public var description: String { message }
}
