/// One thing that a mapping needs to reach or to log in to its cluster.
public struct SourceAccessConfiguration: Sendable, Hashable {
    /// `SASL_SCRAM_512_AUTH`, `VPC_SUBNET`, …
    public var type: String
    /// ARN of a secret, or the name of a network's part.
    public var uri: String

    public init(type: String, uri: String) {
        self.type = type
        self.uri = uri
    }
}
