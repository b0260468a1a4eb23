/// Why nothing could be trained, in words for whoever started it.
public struct TrainingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Names the file or the hyperparameter.
    public let message: String

    /// The same input fails again.
    public var isRetriable: Bool { false }

    public var description: String { message }

    public init(_ message: String) {
        self.message = message
    }
}
