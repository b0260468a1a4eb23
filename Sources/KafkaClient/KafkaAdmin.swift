import CLibrdkafka
public import Telemetry

/// Creates, deletes and describes topics, and finds offsets. Every call has a
/// deadline that holds. May be used from several threads.
public final class KafkaAdmin: Sendable {
    let handle: ClientHandle

    public init(
        _ properties: KafkaProperties,
        logger: Logger = .silent
    ) throws(KafkaError) {
        handle = try ClientHandle(.producer, properties, logger: logger)
    }

    /// Waits until a broker answers. See `KafkaConsumer.checkConnectivity`.
    @discardableResult
    public func checkConnectivity(within limit: Duration = .seconds(30)) throws(KafkaError) -> String {
        try handle.clusterIdentifier(within: limit)
    }

    /// A topic to create.
    public struct NewTopic: Sendable {
        public var name: String
        public var partitions: Int32
        /// nil for the broker's default.
        public var replicationFactor: Int32?
        /// The topic's own settings, such as `cleanup.policy`.
        public var settings: [String: String]

        public init(
            _ name: String,
            partitions: Int32 = 1,
            replicationFactor: Int32? = nil,
            settings: [String: String] = [:]
        ) {
            self.name = name
            self.partitions = partitions
            self.replicationFactor = replicationFactor
            self.settings = settings
        }
    }

    /// Creates a topic and waits until a broker shows it with its partitions:
    /// brokers learn of a new topic a moment after the one that made it.
    ///
    /// - Throws: `topicAlreadyExists` among others. The mock cluster cannot do
    ///   it: use `MockKafkaCluster.createTopic`.
    public func createTopic(_ topic: NewTopic, timeout: Duration = .seconds(30)) throws(KafkaError) {
        let place = "create topic \(topic.name)"
        var reason = [CChar](repeating: 0, count: 512)
        let request = rd_kafka_NewTopic_new(
            topic.name,
            topic.partitions,
            topic.replicationFactor ?? -1,
            &reason,
            reason.count
        )
        guard let request else { throw KafkaError(.invalidProperty, "\(place): \(string(reason))") }
        defer { rd_kafka_NewTopic_destroy(request) }
        for (name, value) in topic.settings {
            try check(rd_kafka_NewTopic_set_config(request, name, value), "\(place): \(name)")
        }
        let deadline = Deadline(after: timeout)
        var requests: [OpaquePointer?] = [request]
        try perform(place, RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout) { options, answers in
            rd_kafka_CreateTopics(handle.pointer, &requests, requests.count, options, answers)
        } results: { event, count in
            rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
        }
        while !shows(topic), !deadline.hasPassed { pauseThread(.milliseconds(20)) }
    }

    /// Deletes a topic with all its records.
    public func deleteTopic(_ name: String, timeout: Duration = .seconds(30)) throws(KafkaError) {
        guard let request = rd_kafka_DeleteTopic_new(name) else { return }
        defer { rd_kafka_DeleteTopic_destroy(request) }
        var requests: [OpaquePointer?] = [request]
        try perform("delete topic \(name)", RD_KAFKA_ADMIN_OP_DELETETOPICS, timeout) { options, answers in
            rd_kafka_DeleteTopics(handle.pointer, &requests, requests.count, options, answers)
        } results: { event, count in
            rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count)
        }
    }

    /// Adds partitions to a topic, to have `count` in all.
    public func growTopic(
        _ name: String,
        toPartitions count: Int,
        timeout: Duration = .seconds(30)
    ) throws(KafkaError) {
        let place = "add partitions to \(name)"
        var reason = [CChar](repeating: 0, count: 512)
        guard let request = rd_kafka_NewPartitions_new(name, count, &reason, reason.count) else {
            throw KafkaError(.invalidProperty, "\(place): \(string(reason))")
        }
        defer { rd_kafka_NewPartitions_destroy(request) }
        var requests: [OpaquePointer?] = [request]
        try perform(place, RD_KAFKA_ADMIN_OP_CREATEPARTITIONS, timeout) { options, answers in
            rd_kafka_CreatePartitions(handle.pointer, &requests, requests.count, options, answers)
        } results: { event, count in
            rd_kafka_CreatePartitions_result_topics(rd_kafka_event_CreatePartitions_result(event), &count)
        }
    }

    private func shows(_ topic: NewTopic) -> Bool {
        let known = try? partitions(of: topic.name, timeout: .seconds(2))
        return known?.count == Int(topic.partitions)
    }

    private typealias TopicResults = UnsafeMutablePointer<OpaquePointer?>

    private func perform(
        _ place: String,
        _ operation: rd_kafka_admin_op_t,
        _ timeout: Duration,
        _ send: (_ options: OpaquePointer?, _ answers: OpaquePointer?) -> Void,
        results: (_ event: OpaquePointer, _ count: inout Int) -> TopicResults?
    ) throws(KafkaError) {
        try request(place, operation, timeout, send) { event throws(KafkaError) in
            var count = 0
            guard let topics = results(event, &count) else { return }
            for index in 0..<count {
                let code = rd_kafka_topic_result_error(topics[index])
                guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
                let detail = rd_kafka_topic_result_error_string(topics[index]).map { String(cString: $0) }
                throw KafkaError(code, place, detail: detail)
            }
        }
    }

    /// Sends a request and reads the answer, which is alive during `read`.
    func request<Value>(
        _ place: String,
        _ operation: rd_kafka_admin_op_t,
        _ timeout: Duration,
        _ send: (_ options: OpaquePointer?, _ answers: OpaquePointer?) -> Void,
        read: (_ event: OpaquePointer) throws(KafkaError) -> Value
    ) throws(KafkaError) -> Value {
        let options = rd_kafka_AdminOptions_new(handle.pointer, operation)
        defer { rd_kafka_AdminOptions_destroy(options) }
        let milliseconds = timeout.librdkafkaMilliseconds
        rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, nil, 0)
        // Refused for requests that are one question and answer; those need none.
        rd_kafka_AdminOptions_set_operation_timeout(options, milliseconds, nil, 0)
        let answers = rd_kafka_queue_new(handle.pointer)
        defer { rd_kafka_queue_destroy(answers) }
        send(options, answers)
        guard let event = rd_kafka_queue_poll(answers, milliseconds) else {
            throw KafkaError(.timedOut, "\(place): no answer within \(timeout)", isRetriable: true)
        }
        defer { rd_kafka_event_destroy(event) }
        let code = rd_kafka_event_error(event)
        if code != RD_KAFKA_RESP_ERR_NO_ERROR {
            let detail = rd_kafka_event_error_string(event).map { String(cString: $0) }
            throw KafkaError(code, place, detail: detail)
        }
        return try read(event)
    }
}
