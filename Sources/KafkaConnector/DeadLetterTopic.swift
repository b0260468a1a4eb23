public import DetectionPipeline
public import KafkaClient

/// Dead letters as records of a topic: key, value and headers as they were, and
/// headers that say why and from where.
public final class DeadLetterTopic: DeadLetterSink {
    private let producer: KafkaProducer
    private let topic: String
    private let timeout: Duration

    /// - Parameter timeout: how long a batch may take until every record is acknowledged.
    public init(_ producer: KafkaProducer, topic: String, timeout: Duration = .seconds(60)) {
        self.producer = producer
        self.topic = topic
        self.timeout = timeout
    }

    public func store(_ letters: [DeadLetter]) throws {
        var batch = KafkaProducerBatch(topic: topic)
        for letter in letters {
            let headers = letter.headers.map { KafkaHeader($0.name, $0.value) } + Self.headers(letter)
            if let value = letter.value {
                batch.append(value: value, key: letter.key, headers: headers)
            } else {
                batch.appendTombstone(key: letter.key ?? [], headers: headers)
            }
        }
        for delivery in producer.produce(batch, timeout: timeout) {
            if let error = delivery.error { throw error }
        }
    }

    private static func headers(_ letter: DeadLetter) -> [KafkaHeader] {
        let identity = letter.identity
        return [
            ("timberline.reason", letter.reason),
            ("timberline.topic", identity.stream.name),
            ("timberline.partition", String(identity.stream.partition)),
            ("timberline.offset", String(identity.offset)),
            ("timberline.timestamp", String(identity.timestampMilliseconds)),
        ].map { KafkaHeader($0.0, Array($0.1.utf8)) }
    }
}
