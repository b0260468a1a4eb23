public import DetectionPipeline
public import KafkaClient
public import Telemetry

/// Scored records as records of a topic, in one transaction with the offsets of the group: who reads
/// committed records sees each exactly once.
///
/// The transactional id is `timberline/GROUP/MEMBER`. An owner that has lost its partitions meanwhile is
/// refused by its generation; its transaction is aborted.
public final class TransactionalAnomalyTopic: TransactionalSink {
    private let source: KafkaRecordSource
    private let properties: KafkaProperties
    private let encoding: AnomalyEncoding
    private let timeout: Duration
    private let logger: Logger
    private var producer: KafkaProducer?
    private var isInTransaction = false
    /// Whether a commit was asked for and not answered: it may have happened.
    private var isOutcomeUnknown = false

    /// - Parameters:
    ///   - source: whose group's offsets are committed.
    ///   - timeout: of each of a transaction's steps.
    public init(
        _ properties: KafkaProperties,
        _ encoding: AnomalyEncoding,
        source: KafkaRecordSource,
        timeout: Duration = .seconds(30),
        logger: Logger
    ) {
        // A transaction that a crash leaves open holds up its readers for so long.
        self.properties = properties.withDefaults(["transaction.timeout.ms": "15000"])
        self.encoding = encoding
        self.source = source
        self.timeout = timeout
        self.logger = logger
    }

    public func store(_ records: [ScoredRecord], committing offsets: [RecordStream: Int64]) throws {
        try recovering {
            let (producer, group) = try open()
            let (records, offsets) = try open(records, offsets)
            guard !records.isEmpty || !offsets.isEmpty else { return }
            try begin(producer, with: records)
            let positions = offsets.map { (KafkaTopicPartition($0.key.name, $0.key.partition), $0.value) }
            try producer.sendOffsets(
                Dictionary(uniqueKeysWithValues: positions),
                of: group,
                timeout: timeout
            )
            isOutcomeUnknown = true
            try producer.commitTransaction(timeout: timeout)
            (isOutcomeUnknown, isInTransaction) = (false, false)
        }
    }

    public func probe(_ records: [ScoredRecord]) throws {
        try recovering {
            let (producer, _) = try open()
            try begin(producer, with: records)
            try producer.abortTransaction(timeout: timeout)
            isInTransaction = false
        }
    }

    private func begin(_ producer: KafkaProducer, with records: [ScoredRecord]) throws(KafkaError) {
        try producer.beginTransaction()
        isInTransaction = true
        for delivery in producer.produce(encoding.batch(records), timeout: timeout) {
            if let error = delivery.error { throw error }
        }
    }

    private func open() throws(KafkaError) -> (KafkaProducer, KafkaGroupMetadata) {
        guard let group = source.groupMetadata else {
            throw KafkaError(.invalidState, "the source is closed")
        }
        if let producer { return (producer, group) }
        let member = properties["group.instance.id"] ?? group.member
        let identifier = "timberline/\(group.group)/\(member)"
        let new = try KafkaProducer(
            properties.merging(["transactional.id": identifier]),
            logger: logger
        )
        // Ends what an earlier producer of this id has left open, one way or the other.
        try new.initializeTransactions(timeout: timeout)
        producer = new
        return (new, group)
    }

    /// What is still to be stored: after a commit whose outcome was unknown the group's offsets tell it.
    private func open(
        _ records: [ScoredRecord],
        _ offsets: [RecordStream: Int64]
    ) throws(KafkaError) -> ([ScoredRecord], [RecordStream: Int64]) {
        guard isOutcomeUnknown else { return (records, offsets) }
        let streams = Set(offsets.keys).union(records.map(\.identity.stream))
        let committed = try source.committed(Array(streams))
        isOutcomeUnknown = false
        return (
            records.filter { $0.identity.offset >= committed[$0.identity.stream] ?? .min },
            offsets.filter { $0.value > committed[$0.key] ?? .min }
        )
    }

    /// Runs a transaction; a failed one is aborted, or left to the next producer of the same id to end.
    private func recovering(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as KafkaError {
            abort(after: error)
            throw TransactionFailure(error)
        }
    }

    private func abort(after error: KafkaError) {
        guard isInTransaction, let producer else { return }
        isInTransaction = false
        if !error.isFatal, !isOutcomeUnknown || error.requiresAbort {
            do throws(KafkaError) {
                try producer.abortTransaction(timeout: timeout)
                isOutcomeUnknown = false
                return
            } catch {
                logger.warning("abort_failed", "\(error)", ["code": .string(error.code.name)])
            }
        }
        self.producer = nil
    }
}

/// A transaction that did not come about.
struct TransactionFailure: ClassifiedError, CustomStringConvertible {
    private let error: KafkaError

    init(_ error: KafkaError) {
        self.error = error
    }

    var description: String { error.description }

    /// Nearly every failure of a transaction is cured by another one: by a new producer, or because the
    /// partitions belong to somebody else meanwhile. What somebody must mend is named.
    var failureKind: FailureKind {
        if error.code == .messageTooLarge { return .poison }
        return Self.permanent.contains(error.code.name) ? .permanent : .transient
    }

    private static let permanent: Set<String> = [
        "TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED",
        "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "INVALID_TRANSACTION_TIMEOUT", "UNSUPPORTED_VERSION",
        "UNKNOWN_PROPERTY", "INVALID_PROPERTY", "UNSUPPORTED_BY_LIBRARY", "FENCED_INSTANCE_ID",
        "_INVALID_ARG", "_NOT_CONFIGURED", "INVALID_STATE",
    ]
}
