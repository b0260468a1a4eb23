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
    let consumer: KafkaConsumer
    /// May be changed between calls of `next`; `endsWhenRead` holds from the beginning.
    public var settings: Settings
    private let logger: Logger
    private let originPrefix: String
    private var waiting: [SourceEvent] = []
    /// Assigned partitions whose end was not yet reached; only kept with `endsWhenRead`.
    private var unread: Set<KafkaTopicPartition> = []
    private(set) var hasBeenAssigned = false
    var reachability = Reachability()
    /// Errors so far, by librdkafka's name for them.
    private(set) var errorCounts: [String: Int] = [:]
    private var isPaused = false
    /// Partitions assigned that the owner has not been told of yet.
    private var announced: [KafkaTopicPartition] = []
    /// Partitions assigned that `begin` is to start.
    private var beginning: [KafkaTopicPartition] = []

    public struct Settings: Sendable {
        /// Records in a batch at most. A model takes its records of a batch one after the other, while it is in
        /// the processor's cache, and offsets are committed once a batch: twenty times 500 takes a third less CPU.
        public var batchSize = 10_000
        /// How long a batch may take to fill.
        public var batchWindow: Duration = .milliseconds(500)
        /// Whether to end when every assigned partition has been read to its end.
        public var endsWhenRead = false
        /// How long a commit may take.
        public var commitTimeout: Duration = .seconds(10)
        /// How long a question about offsets may take.
        public var requestTimeout: Duration = .seconds(10)

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

    /// A topic that is not there would be waited for without a word.
    private static func checkTopics(
        _ names: [String],
        _ properties: KafkaProperties
    ) throws(KafkaError) {
        let known = try KafkaAdmin(properties).findTopics(names)
        guard let missing = names.first(where: { known[$0] == nil }) else { return }
        throw KafkaError(
            .unknownTopicOrPartition,
            "there is no topic '\(missing)', or none that this user may read"
        )
    }

    public func next() throws -> SourceEvent {
        if let event = waiting.popFirst() { return event }
        if !announced.isEmpty { return try announce() }
        if settings.endsWhenRead, hasBeenAssigned, unread.isEmpty { return .end }
        var batches: [RecordBatch] = []
        for event in try poll() {
            switch event {
            case .records(let batch):
                batches.append(recordBatch(batch))
            case .assigned(let partitions):
                announced += partitions
            case .revoked(let partitions):
                waiting.append(.revoked(partitions.map(stream)))
                remove(partitions)
                logger.info(
                    "partitions_revoked",
                    "the group takes partitions away",
                    ["count": .integer(Int64(partitions.count))]
                )
            case .lost(let partitions):
                waiting.append(.lost(partitions.map(stream)))
                remove(partitions)
                logger.info(
                    "partitions_lost",
                    "the group has given partitions to others",
                    ["count": .integer(Int64(partitions.count))]
                )
            case .reachedEnd(let partition, _):
                unread.remove(partition)
            case .failed(let error):
                guard !error.isFatal else { throw error }
                note(error)
            }
        }
        let hasNews = !batches.isEmpty || !waiting.isEmpty || !announced.isEmpty
        checkReachability(heardOfBroker: hasNews)
        if !batches.isEmpty { return .batches(batches) }
        if let event = waiting.popFirst() { return event }
        return announced.isEmpty ? .idle : try announce()
    }

    /// Tells of the partitions assigned, with what the group has committed in them; a broker that
    /// does not say yet is asked again by the next call, before any other event.
    private func announce() throws(KafkaError) -> SourceEvent {
        do throws(KafkaError) {
            let committed = try consumer.committed(announced, timeout: settings.requestTimeout)
            let assignment = StreamAssignment(
                streams: announced.map(stream),
                committed: Dictionary(uniqueKeysWithValues: committed.map { (stream($0.key), $0.value) }),
                generation: consumer.groupMetadata()?.generation ?? 0
            )
            (beginning, announced) = (announced, [])
            hasBeenAssigned = true
            unread.formUnion(beginning)
            logger.info(
                "partitions_assigned",
                "partitions assigned",
                ["count": .integer(Int64(beginning.count))]
            )
            return .assigned(assignment)
        } catch {
            guard error.isRetriable else { throw error }
            note(error)
            usleep(100_000)
            return .idle
        }
    }

    private func remove(_ partitions: [KafkaTopicPartition]) {
        unread.subtract(partitions)
        announced.removeAll { partitions.contains($0) }
    }

    private func note(_ error: KafkaError) {
        errorCounts[error.code.name, default: 0] += 1
        if error.code == .allBrokersDown { reachability.lost() }
        logger.warning("kafka_error", "\(error)", ["code": .string(error.code.name)])
    }

    /// Starts the partitions assigned. Where the records wanted are not there, the oldest
    /// that are kept come next; where the topic is shorter than the offset, because it was made
    /// again, its first.
    ///
    /// `latest` is settled to an offset here, so that a run that ends before its first commit does not skip
    /// what came in between: it would mean a later place the next time.
    public func begin(at offsets: [RecordStream: Int64]) throws -> [RecordStream: Int64] {
        var starts = try consumer.startingOffsets(of: beginning)
        let wanted = beginning.filter { offsets[stream($0)] != nil }
        let kept = try consumer.keptOffsets(of: wanted)
        for partition in wanted {
            guard let offset = offsets[stream(partition)] else { continue }
            let isThere = kept[partition].map { $0.contains(offset) || offset == $0.upperBound } ?? true
            starts[partition] = isThere ? offset : kept[partition]?.lowerBound
        }
        try consumer.completeRebalance(startingAt: starts)
        if isPaused { try consumer.pause(beginning) }
        beginning = []
        return Dictionary(uniqueKeysWithValues: starts.map { (stream($0.key), $0.value) })
    }

    public var needsPolling: Bool { true }

    public func keepAlive() { consumer.keepAlive() }

    public func pause() throws {
        isPaused = true
        try consumer.pause(consumer.assignment)
    }

    public func resume() throws {
        isPaused = false
        try consumer.resume(consumer.assignment)
    }

    /// Polls; the offsets of a starting time that cannot be had yet are asked for again.
    private func poll() throws(KafkaError) -> [KafkaConsumerEvent] {
        do {
            return try consumer.poll(maximumCount: settings.batchSize, timeout: settings.batchWindow)
        } catch {
            guard error.isRetriable else { throw error }
            note(error)
            return []
        }
    }

    public func commit(_ offsets: [RecordStream: Int64]) throws -> Bool {
        var positions: [KafkaTopicPartition: Int64] = [:]
        for (stream, offset) in offsets {
            positions[KafkaTopicPartition(stream.name, stream.partition)] = offset
        }
        do throws(KafkaError) {
            try consumer.commit(positions, timeout: settings.commitTimeout)
            return true
        } catch {
            guard !error.isFatal else { throw error }
            errorCounts[error.code.name, default: 0] += 1
            logger.warning("commit_failed", "\(error)", ["code": .string(error.code.name)])
            return false
        }
    }

    /// This member's place in its group now, for transactions; nil once closed.
    public var groupMetadata: KafkaGroupMetadata? { consumer.groupMetadata() }

    /// What the group has committed; streams without a commit are absent.
    public func committed(_ streams: [RecordStream]) throws(KafkaError) -> [RecordStream: Int64] {
        let partitions = streams.map { KafkaTopicPartition($0.name, $0.partition) }
        let offsets = try consumer.committed(partitions, timeout: settings.requestTimeout)
        return Dictionary(uniqueKeysWithValues: offsets.map { (stream($0.key), $0.value) })
    }

    /// Leaves the group. Where no broker takes notice of it in time, the group notices after the session.
    public func close() throws(KafkaError) {
        do throws(KafkaError) {
            try consumer.close(timeout: Self.leaveTimeout)
        } catch {
            guard error.code == .timedOut else { throw error }
            logger.warning("group_not_left", "\(error)", ["code": .string(error.code.name)])
        }
    }

    private static let leaveTimeout: Duration = .seconds(5)

    private func stream(_ partition: KafkaTopicPartition) -> RecordStream {
        RecordStream(
            origin: originPrefix + partition.topic,
            name: partition.topic,
            partition: partition.partition
        )
    }

    private func recordBatch(_ batch: KafkaBatch) -> RecordBatch {
        let records = batch.entries.map { entry in
            var record = RecordBatch.Record(
                offset: entry.offset,
                nextOffset: entry.offset + 1,
                timestampMilliseconds: max(0, entry.timestampMilliseconds),
                value: entry.value,
                key: entry.key,
                headers: entry.headers.isEmpty
                    ? [] : batch.headers(of: entry).map { RecordBatch.Header(name: $0.name, value: $0.value) }
            )
            record.isAppendTime = entry.timestampType == .logAppendTime
            return record
        }
        return RecordBatch(stream: stream(batch.source), bytes: batch.bytes, records: records)
    }
}

extension Array {
    fileprivate mutating func popFirst() -> Element? { isEmpty ? nil : removeFirst() }
}
