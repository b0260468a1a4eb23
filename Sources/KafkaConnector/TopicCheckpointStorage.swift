public import DetectionPipeline
import Glibc
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
    private let writeTimeout: Duration
    private let logger: Logger

    /// Finds the topic, or, for writing, makes it, compacted.
    ///
    /// - Throws: `unknownTopicOrPartition` for a topic to read that is not there; `unsuitableTopic` where records of the topic are deleted by age or size: a section that has not
    ///   changed for long would go, and the checkpoint with it.
    /// - Parameters:
    ///   - partitionCount: of a topic that is made.
    ///   - connectTimeout: how long to wait for a first answer of a broker.
    ///   - writeTimeout: how long a write may take until every record is acknowledged.
    public init(
        _ properties: KafkaProperties,
        topic: String,
        access: CheckpointAccess = .readWrite,
        partitionCount: Int = 12,
        connectTimeout: Duration = .seconds(30),
        writeTimeout: Duration = .seconds(60),
        logger: Logger
    ) throws(KafkaError) {
        self.topic = topic
        self.writeTimeout = writeTimeout
        self.logger = logger
        let admin = try KafkaAdmin(properties)
        try admin.checkConnectivity(within: connectTimeout)
        self.partitionCount = try Self.open(topic, access, partitionCount, admin, logger)
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
        _ access: CheckpointAccess,
        _ partitionCount: Int,
        _ admin: KafkaAdmin,
        _ logger: Logger
    ) throws(KafkaError) -> Int {
        if access == .readOnly { return try admin.partitions(of: topic).count }
        if let known = try admin.describeCluster().topics[topic] {
            try checkCleanup(of: topic, admin, logger)
            return known.count
        }
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
            guard error.code == .topicAlreadyExists,
                let known = try admin.findTopics([topic], within: topicGrace)[topic]
            else { throw error }
            return known.count
        }
    }

    private static func checkCleanup(
        of topic: String,
        _ admin: KafkaAdmin,
        _ logger: Logger
    ) throws(KafkaError) {
        let policy: String?
        do throws(KafkaError) {
            policy = try cleanupPolicy(of: topic, admin)
        } catch {
            // To read and write a topic takes no right to its settings.
            guard error.code == .topicAuthorizationFailed else { throw error }
            logger.warning(
                "checkpoint_topic_unchecked",
                "whether the topic is compacted cannot be seen: \(error)",
                ["topic": .string(topic)]
            )
            return
        }
        guard policy == "compact" else {
            throw KafkaError(
                .unsuitableTopic,
                "checkpoints need a topic with cleanup.policy=compact alone; that of '\(topic)' is "
                    + "\(policy ?? "unknown"), which loses checkpoints: change it, or name another topic"
            )
        }
    }

    /// Brokers learn one after the other of a topic that another instance has just made.
    private static func cleanupPolicy(of topic: String, _ admin: KafkaAdmin) throws(KafkaError) -> String? {
        let start = ContinuousClock.now
        while true {
            do throws(KafkaError) {
                return try admin.settings(ofTopic: topic)["cleanup.policy"]
            } catch {
                guard error.isRetriable, start.duration(to: .now) < topicGrace else { throw error }
                usleep(100_000)
            }
        }
    }

    private static let topicGrace: Duration = .seconds(10)

    /// Below the broker's usual limit for a record of a mebibyte.
    public var maximumValueBytes: Int { 900_000 }

    public var isShared: Bool { true }

    /// Reads the whole topic.
    public func streams() throws -> Set<String> {
        var keys: Set<CheckpointKey> = []
        try forEachEntry { key, value in
            if value == nil { keys.remove(key) } else { keys.insert(key) }
        }
        return Set(keys.map(\.stream))
    }

    /// Reads the whole topic once.
    public func forEachEntry(_ body: (CheckpointKey, _ bytes: [UInt8]?) -> Void) throws {
        try read((0..<partitionCount).map { KafkaTopicPartition(topic, Int32($0)) }, body)
    }

    /// Reads the partitions that hold these streams, from the oldest record to the end.
    public func entries(of streams: Set<String>) throws -> [CheckpointKey: [UInt8]] {
        var entries: [CheckpointKey: [UInt8]] = [:]
        let partitions = Set(streams.map { KafkaTopicPartition(topic, partition(of: $0)) })
        try read(Array(partitions)) { key, value in
            if streams.contains(key.stream) { entries[key] = value }
        }
        return entries
    }

    /// How long a read may stand still. Less than a drain may take: it is what a stop waits for.
    private static let readPatience: Duration = .seconds(15)

    /// Hands every record from the oldest to the end to `body`; the value of a tombstone is nil.
    private func read(
        _ partitions: [KafkaTopicPartition],
        _ body: (CheckpointKey, _ value: [UInt8]?) -> Void
    ) throws {
        guard !partitions.isEmpty else { return }
        var configuration = readerConfiguration
        configuration.reportsPartitionEnd = true
        configuration.readsHeaders = false
        let reader = try KafkaConsumer(configuration, logger: logger)
        defer { try? reader.close() }
        try reader.checkConnectivity(within: Self.readPatience)
        var unread = Set(partitions)
        // What is written from here on is not of the owners before us.
        let kept = try reader.keptOffsets(of: partitions)
        try reader.assign(kept.mapValues(\.lowerBound))
        var lastProgress = ContinuousClock.now
        while !unread.isEmpty {
            for event in try reader.poll(maximumCount: 1_000, timeout: .milliseconds(200)) {
                switch event {
                case .records(let batch):
                    lastProgress = .now
                    for entry in batch.entries {
                        guard let bytes = batch.key(of: entry), let key = CheckpointKey(recordKey: bytes)
                        else { continue }
                        body(key, batch.value(of: entry))
                    }
                case .reachedEnd(let partition, _): unread.remove(partition)
                case .failed(let error): if !error.isRetriable { throw error }
                case .assigned, .revoked, .lost: break
                }
            }
            if lastProgress.duration(to: .now) > Self.readPatience {
                throw KafkaError(
                    .timedOut,
                    "read checkpoints of \(topic): no answer within \(Self.readPatience)",
                    isRetriable: true
                )
            }
        }
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
        for delivery in producer.produce(batch, timeout: writeTimeout) {
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
