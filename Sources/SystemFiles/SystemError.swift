#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A call that the system refused: `open /var/lib/x: Permission denied`, `make a pipe: Too many open files`.
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system's `errno`.
    public var code: Int32
    /// What was to be done.
    public var operation: String
    /// What it was to be done to: a file's path, or words such as `a pipe`.
    public var subject: String

    public init(_ operation: String, _ subject: String, code: Int32) {
        self.code = code
        self.operation = operation
        self.subject = subject
    }

    /// In the system's words.
    public var reason: String { String(cString: strerror(code)) }

    /// Whether a file has more bytes than were to be read.
    public var isTooLarge: Bool { code == EFBIG }

    public var description: String { "\(operation) \(subject): \(reason)" }
}
