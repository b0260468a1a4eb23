public import DetectionPipeline
public import KafkaClient
public import Telemetry

/// Checkpoints as the records of a compacted topic, so that a partition that moves to
/// another instance finds its models there.
///
/// A record's key is the entry's key, stream and name with a space between; a tombstone removes it. All
/// entries of a stream lie in one partition of the topic.
public final class TopicCheckpointStorage: CheckpointStorage {
    private let topic: String
    private let partitionCount: Int
    private let producer: KafkaProducer
    private let readerConfiguration: KafkaConsumerConfiguration
    private let timeout: Duration
    private let logger: Logger

    /// Finds the topic, or makes it, compacted.
    ///
    /// - Parameters:
    ///   - partitionCount: of a topic that is made.
    ///   - timeout: how long a write may take until every record is acknowledged, and how long a read may
    ///     take without getting on.
    public init(
        _ properties: KafkaProperties,
        topic: String,
        partitionCount: Int = 12,
        timeout: Duration = .seconds(60),
        logger: Logger
    ) throws(KafkaError) {
        self.topic = topic
        self.timeout = timeout
        self.logger = logger
        self.partitionCount = try Self.open(topic, partitionCount, properties)
        producer = try KafkaProducer(properties.withDefaults(["compression.type": "zstd"]), logger: logger)
        // The group is in name only: nothing is subscribed to or committed.
        readerConfiguration = KafkaConsumerConfiguration(
            properties: properties,
            group: "\(topic)-reader",
            startingPosition: .earliest
        )
    }

    /// - Returns: how many partitions the topic has.
    private static func open(
        _ topic: String,
        _ partitionCount: Int,
        _ properties: KafkaProperties
    ) throws(KafkaError) -> Int {
        let admin = try KafkaAdmin(properties)
        try admin.checkConnectivity()
        if let known = try admin.describeCluster().topics[topic] { return known.count }
        do throws(KafkaError) {
            try admin.createTopic(
                .init(
                    topic,
                    partitions: Int32(partitionCount),
                    settings: ["cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0.2"]
                )
            )
            return partitionCount
        } catch {
            // Another instance was quicker.
            guard error.code == .topicAlreadyExists, let known = try admin.describeCluster().topics[topic]
            else {
                throw error
            }
            return known.count
        }
    }

    /// Below the broker's usual limit for a record of a mebibyte.
    public var maximumValueBytes: Int { 900_000 }

    public var isShared: Bool { true }

    /// Reads the partitions that hold these streams, from the oldest record to the end.
    public func entries(of streams: Set<String>) throws -> [CheckpointKey: [UInt8]] {
        guard !streams.isEmpty else { return [:] }
        var configuration = readerConfiguration
        configuration.reportsPartitionEnd = true
        configuration.readsHeaders = false
        let reader = try KafkaConsumer(configuration, logger: logger)
        defer { try? reader.close() }
        try reader.checkConnectivity(within: timeout)
        var unread = Set(streams.map { KafkaTopicPartition(topic, partition(of: $0)) })
        // What is written from here on is not of the owners before us.
        let kept = try reader.keptOffsets(of: Array(unread))
        try reader.assign(kept.mapValues(\.lowerBound))
        var entries: [CheckpointKey: [UInt8]] = [:]
        var lastProgress = ContinuousClock.now
        while !unread.isEmpty {
            for event in try reader.poll(maximumCount: 1_000, timeout: .milliseconds(200)) {
                switch event {
                case .records(let batch):
                    lastProgress = .now
                    for entry in batch.entries { take(entry, of: batch, streams, into: &entries) }
                case .reachedEnd(let partition, _): unread.remove(partition)
                case .failed(let error): if !error.isRetriable { throw error }
                case .assigned, .revoked, .lost: break
                }
            }
            if lastProgress.duration(to: .now) > timeout {
                throw KafkaError(
                    .timedOut,
                    "read checkpoints of \(topic): no answer within \(timeout)",
                    isRetriable: true
                )
            }
        }
        return entries
    }

    private func take(
        _ entry: KafkaBatch.Entry,
        of batch: KafkaBatch,
        _ streams: Set<String>,
        into entries: inout [CheckpointKey: [UInt8]]
    ) {
        guard let bytes = batch.key(of: entry), let key = CheckpointKey(recordKey: bytes),
            streams.contains(key.stream)
        else { return }
        entries[key] = batch.value(of: entry)
    }

    public func write(_ changes: [CheckpointKey: [UInt8]?]) throws {
        var batch = KafkaProducerBatch(topic: topic)
        for (key, bytes) in changes {
            let partition = partition(of: key.stream)
            if let bytes {
                batch.append(value: bytes, key: key.recordKey, partition: partition)
            } else {
                batch.appendTombstone(key: key.recordKey, partition: partition)
            }
        }
        for delivery in producer.produce(batch, timeout: timeout) {
            if let error = delivery.error { throw error }
        }
    }

    /// Where a stream's entries lie: by a hash that is the same everywhere (FNV-1a).
    private func partition(of stream: String) -> Int32 {
        let hash = stream.utf8.reduce(0x811c_9dc5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        return Int32(hash % UInt32(partitionCount))
    }
}

extension CheckpointKey {
    fileprivate var recordKey: [UInt8] { Array("\(stream) \(name)".utf8) }

    fileprivate init?(recordKey bytes: [UInt8]) {
        let parts = String(decoding: bytes, as: UTF8.self).split(
            separator: " ",
            omittingEmptySubsequences: false
        )
        guard parts.count == 2 else { return nil }
        self.init(stream: String(parts[0]), name: String(parts[1]))
    }
}
