/// A token for SASL OAUTHBEARER, and how long it is good.
public struct KafkaOAuthToken: Sendable {
    /// The token as it goes to the broker: printable ASCII.
    public let value: String
    /// When it ends, in milliseconds since 1970. The next one is asked for at
    /// four fifths of the time until then.
    public let expiryMilliseconds: Int64
    /// Whom it stands for.
    public let principal: String
    /// SASL extensions to send with it (RFC 7628, section 3.1).
    public let extensions: [String: String]

    public init(
        value: String,
        expiryMilliseconds: Int64,
        principal: String,
        extensions: [String: String] = [:]
    ) {
        self.value = value
        self.expiryMilliseconds = expiryMilliseconds
        self.principal = principal
        self.extensions = extensions
    }
}

/// Makes a token whenever librdkafka needs one, first when a client starts.
/// Called on a thread of librdkafka's; it may block for a few seconds. An error
/// that it throws is logged, reported, and tried again after ten seconds.
public typealias KafkaTokenProvider = @Sendable () throws -> KafkaOAuthToken
