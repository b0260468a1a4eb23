public import DetectionPipeline
import Glibc
public import KafkaClient
public import Telemetry

/// Records of a consumer group as batches of the pipeline.
///
/// Offsets are committed when the pipeline says that everything below them is
/// stored. A commit that the broker refuses because the group is rebalancing is no
/// loss: the records are read again, and their identity keeps them single.
///
/// Created and used on one thread.
public final class KafkaRecordSource: RecordSource {
    private let consumer: KafkaConsumer
    private let settings: Settings
    private let logger: Logger
    private let originPrefix: String
    private var waiting: [SourceEvent] = []
    /// Assigned partitions whose end was not yet reached; only kept with `endsWhenRead`.
    private var unread: Set<KafkaTopicPartition> = []
    private var hasBeenAssigned = false

    public struct Settings: Sendable {
        /// Records in a batch at most.
        public var batchSize = 500
        /// How long a batch may take to fill.
        public var batchWindow: Duration = .milliseconds(500)
        /// Whether to end when every assigned partition has been read to its end.
        public var endsWhenRead = false
        /// How long a commit may take.
        public var commitTimeout: Duration = .seconds(10)

        public init() {}
    }

    /// Waits for a broker, then joins the group.
    ///
    /// - Parameter connectTimeout: after so long without an answer it throws
    ///   `noBrokerAnswers`; later outages are waited out.
    /// - Throws: `unknownTopicOrPartition` where a topic that is named is not there.
    public init(
        _ configuration: KafkaConsumerConfiguration,
        subscription: KafkaSubscription,
        settings: Settings,
        logger: Logger,
        connectTimeout: Duration = .seconds(30)
    ) throws(KafkaError) {
        var configuration = configuration
        configuration.reportsPartitionEnd = settings.endsWhenRead
        consumer = try KafkaConsumer(configuration, logger: logger)
        self.settings = settings
        self.logger = logger
        originPrefix = "kafka:\(try consumer.checkConnectivity(within: connectTimeout))/"
        if case .topics(let names) = subscription {
            try Self.checkTopics(names, configuration.properties)
        }
        try consumer.subscribe(subscription)
    }

    /// How long a topic may take to appear, as one does that was made a moment ago.
    private static let topicGrace: Duration = .seconds(3)

    /// A topic that is not there would be waited for without a word.
    private static func checkTopics(
        _ names: [String],
        _ properties: KafkaProperties
    ) throws(KafkaError) {
        let admin = try KafkaAdmin(properties)
        let start = ContinuousClock.now
        while true {
            // Asked for all topics: a question for one may make it.
            let known = try admin.describeCluster().topics
            guard let missing = names.first(where: { known[$0] == nil }) else { return }
            guard start.duration(to: .now) < topicGrace else {
                throw KafkaError(
                    .unknownTopicOrPartition,
                    "there is no topic '\(missing)', or none that this user may read"
                )
            }
            usleep(100_000)
        }
    }

    /// Records behind, over all assigned partitions; what is not known counts 0.
    public var lag: Int64 { consumer.lag().values.reduce(0, +) }

    public func next() throws -> SourceEvent {
        if let event = waiting.popFirst() { return event }
        if settings.endsWhenRead, hasBeenAssigned, unread.isEmpty { return .end }
        var batches: [RecordBatch] = []
        for event in try poll() {
            switch event {
            case .records(let batch):
                batches.append(recordBatch(batch))
            case .assigned(let partitions):
                hasBeenAssigned = true
                unread.formUnion(partitions)
                pinStart(of: partitions)
                logger.info(
                    "partitions_assigned",
                    "partitions assigned",
                    ["count": .integer(Int64(partitions.count))]
                )
            case .revoked(let partitions), .lost(let partitions):
                unread.subtract(partitions)
                waiting.append(.revoked(partitions.map(stream)))
                logger.info(
                    "partitions_revoked",
                    "partitions revoked",
                    ["count": .integer(Int64(partitions.count))]
                )
            case .reachedEnd(let partition, _):
                unread.remove(partition)
            case .failed(let error):
                guard !error.isFatal else { throw error }
                logger.warning("kafka_error", "\(error)", ["code": .string(error.code.name)])
            }
        }
        if !batches.isEmpty { return .batches(batches) }
        return waiting.popFirst() ?? .idle
    }

    /// Commits where the group starts in these partitions, so that a run that ends
    /// before its first batch is stored does not skip what came in between: `latest`
    /// would mean a later place the next time.
    private func pinStart(of partitions: [KafkaTopicPartition]) {
        guard consumer.configuration.startingPosition != .earliest, !partitions.isEmpty else { return }
        do throws(KafkaError) {
            let offsets = try consumer.startingOffsets(of: partitions)
            try consumer.completeRebalance(startingAt: offsets)
            try consumer.commit(offsets, timeout: settings.commitTimeout)
        } catch {
            logger.warning("start_not_committed", "\(error)", ["code": .string(error.code.name)])
        }
    }

    /// Polls; the offsets of a starting time that cannot be had yet are asked for again.
    private func poll() throws(KafkaError) -> [KafkaConsumerEvent] {
        do {
            return try consumer.poll(maximumCount: settings.batchSize, timeout: settings.batchWindow)
        } catch {
            guard error.isRetriable else { throw error }
            logger.warning("kafka_error", "\(error)", ["code": .string(error.code.name)])
            return []
        }
    }

    public func commit(_ offsets: [RecordStream: Int64]) throws {
        var positions: [KafkaTopicPartition: Int64] = [:]
        for (stream, offset) in offsets {
            positions[KafkaTopicPartition(stream.name, stream.partition)] = offset
        }
        do throws(KafkaError) {
            try consumer.commit(positions, timeout: settings.commitTimeout)
        } catch {
            guard !error.isFatal else { throw error }
            logger.warning("commit_failed", "\(error)", ["code": .string(error.code.name)])
        }
    }

    /// Leaves the group.
    public func close() throws(KafkaError) {
        try consumer.close()
    }

    private func stream(_ partition: KafkaTopicPartition) -> RecordStream {
        RecordStream(
            origin: originPrefix + partition.topic,
            name: partition.topic,
            partition: partition.partition
        )
    }

    private func recordBatch(_ batch: KafkaBatch) -> RecordBatch {
        let records = batch.entries.map { entry in
            RecordBatch.Record(
                offset: entry.offset,
                nextOffset: entry.offset + 1,
                timestampMilliseconds: max(0, entry.timestampMilliseconds),
                value: entry.value,
                key: entry.key,
                headers: entry.headers.isEmpty
                    ? [] : batch.headers(of: entry).map { RecordBatch.Header(name: $0.name, value: $0.value) }
            )
        }
        return RecordBatch(stream: stream(batch.source), bytes: batch.bytes, records: records)
    }
}

extension Array {
    fileprivate mutating func popFirst() -> Element? { isEmpty ? nil : removeFirst() }
}
