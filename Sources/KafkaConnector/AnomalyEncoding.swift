import AnomalyDetection
public import DetectionPipeline
import KafkaClient

/// What an anomaly's record has as its key.
public enum AnomalyKey: String, Sendable, CaseIterable {
    /// The identity: a compacted topic, or a table by key, holds each anomaly once.
    case identity
    /// The entity: all anomalies of an entity are in one partition, in their order.
    case entity
}

/// How scored records become records of a topic.
public struct AnomalyEncoding {
    let topic: String
    private let key: AnomalyKey
    private let value: (ScoredRecord) -> String

    /// - Parameter value: the text of a record, such as JSON.
    public init(topic: String, key: AnomalyKey = .identity, value: @escaping (ScoredRecord) -> String) {
        self.topic = topic
        self.key = key
        self.value = value
    }

    func batch(_ records: [ScoredRecord]) -> KafkaProducerBatch {
        var batch = KafkaProducerBatch(topic: topic)
        for record in records {
            let identity = record.identity.description
            let key = key == .identity ? identity : record.verdict.entity
            batch.append(
                value: value(record).utf8,
                key: Array(key.utf8),
                headers: [
                    KafkaHeader("timberline.identity", text: identity),
                    KafkaHeader("timberline.entity", text: record.verdict.entity),
                ]
            )
        }
        return batch
    }
}
