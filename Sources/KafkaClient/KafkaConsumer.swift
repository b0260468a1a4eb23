import CLibrdkafka
public import Telemetry

/// A member of a consumer group that reads batches and commits by hand.
///
/// It belongs to one thread at a time: create it, poll, commit and close it
/// there (`waker` may be used from any). Records, rebalances and errors come out
/// of `poll` in the order in which they happened. A rebalance waits for its
/// owner: partitions that are revoked are still this member's until the next
/// poll, so that work in hand can be finished and committed first.
///
/// Nothing is ever committed unless `commit` is called.
public final class KafkaConsumer {
    public let configuration: KafkaConsumerConfiguration
    let handle: ClientHandle
    let queue: OpaquePointer
    var buffer: MessageBuffer
    /// Rebalances told to the owner and not yet answered.
    var unanswered: [Rebalance] = []
    /// Events that wait for the next poll.
    var waiting: [KafkaConsumerEvent] = []
    /// What this member owns, with the offset of the next record of each, once known.
    var positions: [KafkaTopicPartition: Int64?] = [:]
    var hasSubscribed = false
    var isClosed = false

    /// Makes a consumer that is not connected to anything yet.
    ///
    /// - Parameters:
    ///   - logger: gets librdkafka's log lines.
    /// - Throws: `unknownProperty`, `invalidProperty`, `reservedProperty` or
    ///   `unsupportedByLibrary`.
    public init(
        _ configuration: KafkaConsumerConfiguration,
        logger: Logger = .silent
    ) throws(KafkaError) {
        self.configuration = configuration
        let properties = try configuration.librdkafkaProperties()
        handle = try ClientHandle(.consumer, properties, logger: logger)
        guard let queue = rd_kafka_queue_get_consumer(handle.pointer) else {
            throw KafkaError(.invalidState, "the consumer has no queue")
        }
        self.queue = queue
        buffer = MessageBuffer()
    }

    deinit {
        rd_kafka_queue_destroy(queue)
    }

    /// Waits until a broker answers; call it before `subscribe`.
    ///
    /// - Returns: the cluster's id.
    /// - Throws: `noBrokerAnswers` at the deadline; a refused login or TLS
    ///   handshake at once.
    @discardableResult
    public func checkConnectivity(within limit: Duration = .seconds(30)) throws(KafkaError) -> String {
        try handle.clusterIdentifier(within: limit, serving: !hasSubscribed)
    }

    /// Joins the group for these topics, in place of those before.
    public func subscribe(_ subscription: KafkaSubscription) throws(KafkaError) {
        try checkOpen()
        // From here on, errors and statistics come through `poll`.
        if !hasSubscribed {
            try check(rd_kafka_poll_set_consumer(handle.pointer), "subscribe")
            hasSubscribed = true
        }
        let list = PartitionList(
            subscription.librdkafkaNames.map { KafkaTopicPartition($0, anyPartition) }
        )
        let code = rd_kafka_subscribe(handle.pointer, list.pointer)
        try check(code, "subscribe to \(subscription.librdkafkaNames.joined(separator: ", "))")
    }

    /// The partitions that this member owns, those being revoked included.
    public var assignment: [KafkaTopicPartition] { positions.keys.sorted() }

    /// librdkafka's statistics, the latest, as JSON; needs the property
    /// `statistics.interval.ms`.
    public var statistics: String? { handle.context.statistics }

    /// Ends a poll from any thread.
    public var waker: KafkaConsumerWaker { KafkaConsumerWaker(handle: handle) }

    func checkOpen() throws(KafkaError) {
        if isClosed { throw KafkaError(.invalidState, "the consumer is closed") }
    }
}

/// librdkafka's `RD_KAFKA_PARTITION_UA`, a macro that Swift cannot read.
let anyPartition: Int32 = -1
