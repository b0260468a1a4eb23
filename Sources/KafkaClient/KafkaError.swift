/// What went wrong with Kafka, in one shape for every operation.
public struct KafkaError: Error, Sendable, Equatable {
    /// The stable name: librdkafka's or the broker's (`_TRANSPORT`,
    /// `TOPIC_AUTHORIZATION_FAILED`), or one of ours (`UNKNOWN_PROPERTY`).
    public let code: Code
    /// What happened and to what.
    public let message: String
    /// Whether the same call may succeed later without any change.
    public let isRetriable: Bool
    /// Whether the client is of no more use and must be made anew.
    public let isFatal: Bool
    /// Whether the transaction in hand must be aborted; it can then be tried again.
    public let requiresAbort: Bool
    /// What a person can do about it, where we know.
    public let remedy: String?

    public init(
        _ code: Code,
        _ message: String,
        isRetriable: Bool = false,
        isFatal: Bool = false,
        requiresAbort: Bool = false,
        remedy: String? = nil
    ) {
        self.code = code
        self.message = message
        self.isRetriable = isRetriable
        self.isFatal = isFatal
        self.requiresAbort = requiresAbort
        self.remedy = remedy
    }
}

extension KafkaError: CustomStringConvertible {
    public var description: String {
        "\(message) (\(code.name))" + (remedy.map { "; \($0)" } ?? "")
    }
}
