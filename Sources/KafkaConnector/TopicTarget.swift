public import DetectionPipeline
public import KafkaClient
public import Telemetry

/// Which partition of the target topic a record goes to.
public enum TargetPartitioning: String, Sendable, CaseIterable {
    /// The partition of its own number (modulo the count there): the order of a partition stays as it is.
    case source
    /// By its key, as Kafka's Java clients do it: records of one key stay in their order.
    case key
}

/// Another topic, of the same Kafka or another, that takes records as they are: key, value, headers and
/// timestamp, and headers that say where each came from.
///
/// A record that appears has all before it of its partition there. After an outage or a crash some appear
/// again, with the same `timberline.identity`.
public final class TopicTarget: ForwardTarget {
    public let limits: BatchLimits
    private let topic: String
    private let partitioning: TargetPartitioning
    private let partitionCount: Int32
    private let maximumRecordBytes: Int
    private let producer: ReplaceableProducer

    /// When a record that the broker does not confirm is given up; then it is sent again.
    private static let deliveryTimeout: Duration = .seconds(30)

    /// Asks the broker for the topic.
    ///
    /// - Throws: `noBrokerAnswers`; `unknownTopicOrPartition` where the topic is not there.
    public init(
        _ properties: KafkaProperties,
        topic: String,
        partitioning: TargetPartitioning = .source,
        limits: BatchLimits = BatchLimits(),
        connectTimeout: Duration = .seconds(30),
        logger: Logger
    ) throws(KafkaError) {
        let admin = try KafkaAdmin(properties)
        try admin.checkConnectivity(within: connectTimeout)
        guard let partitions = try admin.findTopics([topic])[topic] else {
            throw KafkaError(
                .unknownTopicOrPartition,
                "there is no topic '\(topic)' to forward to, or none that this user may write"
            )
        }
        partitionCount = Int32(partitions.count)
        self.topic = topic
        self.partitioning = partitioning
        self.limits = limits
        // Not one record is sent after one that was given up: the order stays.
        let properties = properties.withDefaults([
            "message.timeout.ms": "\(Self.deliveryTimeout.components.seconds * 1_000)",
            "enable.gapless.guarantee": "true",
            "partitioner": "murmur2_random",
        ])
        producer = ReplaceableProducer(properties, logger: logger)
        maximumRecordBytes = properties["message.max.bytes"].flatMap { Int($0) } ?? 1_000_000
    }

    public var name: String { "topic \(topic)" }

    public func send(_ batch: RecordBatch) throws {
        // Found before anything is sent: else those beside it would be sent again.
        if let large = batch.records.first(where: { size(of: $0, in: batch) > maximumRecordBytes }) {
            throw KafkaError(
                .messageTooLarge,
                "\(size(of: large, in: batch)) bytes, more than message.max.bytes"
            )
        }
        let producer = try self.producer.open()
        let deliveries = producer.produce(outgoing(batch), timeout: Self.deliveryTimeout + .seconds(10))
        guard let failed = deliveries.firstIndex(where: { $0.error != nil }),
            let error = deliveries[failed].error
        else { return }
        let failure = TargetFailure(deliveries.lazy.compactMap(\.error).first(where: \.isFatal) ?? error)
        if failure.failureKind == .transient {
            // What it may still hold is not to arrive behind what is sent again.
            self.producer.discard(producer)
            throw PartialSend(acknowledgedCount: failed, cause: failure)
        }
        throw failure
    }

    /// With what Kafka adds to a record and its headers, rounded up.
    private func size(of record: RecordBatch.Record, in batch: RecordBatch) -> Int {
        batch.byteCount(of: record) + (record.headers.count + 5) * 12 + 512
    }

    private func outgoing(_ batch: RecordBatch) -> KafkaProducerBatch {
        var outgoing = KafkaProducerBatch(topic: topic)
        let partition = partitioning == .source ? batch.stream.partition % partitionCount : nil
        for record in batch.records {
            let key = record.key.map { Array(batch.bytes[$0]) }
            let headers = record.headers.map { KafkaHeader($0.name, $0.value) } + origin(record, batch.stream)
            let timestamp = record.timestampMilliseconds > 0 ? record.timestampMilliseconds : nil
            if let value = record.value {
                outgoing.append(
                    value: batch.bytes[value],
                    key: key,
                    headers: headers,
                    timestampMilliseconds: timestamp,
                    partition: partition
                )
            } else {
                outgoing.appendTombstone(
                    key: key ?? [],
                    headers: headers,
                    timestampMilliseconds: timestamp,
                    partition: partition
                )
            }
        }
        return outgoing
    }

    private func origin(_ record: RecordBatch.Record, _ stream: RecordStream) -> [KafkaHeader] {
        let identity = RecordIdentity(
            stream: stream,
            offset: record.offset,
            timestampMilliseconds: record.timestampMilliseconds
        )
        return [
            KafkaHeader("timberline.topic", text: stream.name),
            KafkaHeader("timberline.partition", text: String(stream.partition)),
            KafkaHeader("timberline.offset", text: String(record.offset)),
            KafkaHeader("timberline.identity", text: identity.description),
        ]
    }
}

/// A record that the target topic did not take. A producer that is of no more use is replaced: the next try has
/// a new one.
struct TargetFailure: ClassifiedError, CustomStringConvertible {
    private let error: KafkaError

    init(_ error: KafkaError) {
        self.error = error
    }

    var description: String { error.description }

    var failureKind: FailureKind {
        let isLost = error.isFatal || Self.lost.contains(error.code.name)
        return isLost ? .transient : error.failureKind
    }

    /// Of a producer that has given up what it held.
    private static let lost: Set<String> = [
        "_FATAL", "_GAPLESS_GUARANTEE", "_PURGE_QUEUE", "_PURGE_INFLIGHT",
    ]
}
