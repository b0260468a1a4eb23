import CLibrdkafka
public import Telemetry

/// A Kafka in this process, for demos and tests: librdkafka's mock cluster. It
/// listens on loopback, so other processes can use it too.
///
/// Its limits:
/// - **It silently drops the oldest data of a partition past 5 MiB or 100,000
///   message sets.** A producer must not run further ahead of its consumers:
///   see `MockFlowControl`.
/// - Nothing outlives it. It has no authentication, no topic administration
///   (use `createTopic` here), no offsets by time, no list of groups, and its
///   transactions are not to be trusted.
/// - A group's first assignment takes about three seconds, and each later one
///   the members' `session.timeout.ms` less a second (a member that leaves and
///   comes back included): set it to some five seconds, never below three.
/// - It refuses commits while members join (REBALANCE_IN_PROGRESS), so that work
///   finished on a revocation may be done twice.
///
/// It lives as long as this object.
///
/// `@unchecked Sendable` holds because `cluster` never changes and librdkafka's
/// functions on it hand their work to the cluster's own thread.
public final class MockKafkaCluster: @unchecked Sendable {
    private let handle: ClientHandle
    private let cluster: OpaquePointer
    /// For `bootstrap.servers`.
    public let brokers: String

    public init(brokerCount: Int = 1, logger: Logger = .silent) throws(KafkaError) {
        // The client that carries it connects nowhere.
        handle = try ClientHandle(.producer, [:], logger: logger)
        guard let cluster = rd_kafka_mock_cluster_new(handle.pointer, Int32(clamping: max(1, brokerCount)))
        else {
            throw KafkaError(.invalidState, "the mock cluster cannot be started")
        }
        self.cluster = cluster
        brokers = rd_kafka_mock_cluster_bootstraps(cluster).map { String(cString: $0) } ?? ""
    }

    deinit {
        rd_kafka_mock_cluster_destroy(cluster)
    }

    /// The properties of a client of this cluster.
    public var properties: KafkaProperties { KafkaProperties(brokers: brokers) }

    /// Creates a topic; one that nobody created has four partitions at its first use.
    public func createTopic(_ name: String, partitions: Int = 1) throws(KafkaError) {
        try check(
            rd_kafka_mock_topic_create(cluster, name, Int32(clamping: partitions), 1),
            "create topic \(name)"
        )
    }

    /// Cuts a broker's connections (all brokers' without a number) and refuses new ones.
    public func stopBroker(_ identifier: Int32? = nil) throws(KafkaError) {
        try check(rd_kafka_mock_broker_set_down(cluster, identifier ?? -1), "stop the broker")
    }

    /// Lets a broker accept connections again.
    public func startBroker(_ identifier: Int32? = nil) throws(KafkaError) {
        try check(rd_kafka_mock_broker_set_up(cluster, identifier ?? -1), "start the broker")
    }

    /// Makes every answer of the brokers take so long.
    public func setDelay(_ delay: Duration) throws(KafkaError) {
        try check(rd_kafka_mock_broker_set_rtt(cluster, -1, delay.librdkafkaMilliseconds), "set the delay")
    }

    /// A kind of request, by Kafka's number for it.
    public struct Request: Sendable, Hashable {
        let key: Int16
        public static let produce = Request(key: 0)
        public static let fetch = Request(key: 1)
        public static let metadata = Request(key: 3)
        public static let commitOffsets = Request(key: 8)
        public static let fetchOffsets = Request(key: 9)
        public static let joinGroup = Request(key: 11)
        public static let heartbeat = Request(key: 12)
    }

    /// Makes the next requests of this kind fail, one for each error.
    ///
    /// - Parameter codes: Kafka's error numbers, for example 7 for
    ///   REQUEST_TIMED_OUT, 27 for REBALANCE_IN_PROGRESS; -195 cuts the connection.
    public func fail(_ request: Request, with codes: [Int32]) {
        let errors = codes.map { rd_kafka_resp_err_t($0) }
        rd_kafka_mock_push_request_errors_array(cluster, request.key, errors.count, errors)
    }
}
