public import DetectionPipeline
public import KafkaClient

/// Scored records as records of a topic, at least once: after a crash some come again, with the same
/// identity.
public final class AnomalyTopic: ScoredRecordSink {
    private let producer: KafkaProducer
    private let encoding: AnomalyEncoding
    private let timeout: Duration

    /// - Parameter timeout: how long a batch may take until every record is acknowledged.
    public init(_ producer: KafkaProducer, _ encoding: AnomalyEncoding, timeout: Duration = .seconds(60)) {
        self.producer = producer
        self.encoding = encoding
        self.timeout = timeout
    }

    public var name: String { "topic \(encoding.topic)" }

    public func store(_ records: [ScoredRecord]) throws {
        for delivery in producer.produce(encoding.batch(records), timeout: timeout) {
            if let error = delivery.error { throw error }
        }
    }
}
