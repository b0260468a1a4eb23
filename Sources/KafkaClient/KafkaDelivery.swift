/// What became of one record that was produced.
public enum KafkaDelivery: Sendable, Equatable {
    /// The broker has it, by the `acks` asked for.
    case delivered(partition: Int32, offset: Int64)
    /// It was not delivered, or (with `timedOut`) not yet.
    case failed(KafkaError)

    public var error: KafkaError? {
        if case .failed(let error) = self { error } else { nil }
    }
}
