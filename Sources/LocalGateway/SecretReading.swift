public import LocalLambdaModel

/// Where the secrets of source access configurations come from.
public protocol SecretReading: Sendable {
    /// The text of a secret. May block.
    ///
    /// - Parameter id: its ARN or name.
    func secret(_ id: String) throws(KafkaConnectionError) -> String
}
