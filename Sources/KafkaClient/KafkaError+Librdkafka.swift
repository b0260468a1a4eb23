import CLibrdkafka

extension KafkaError {
    /// From a bare response code. librdkafka says nothing about retries there,
    /// so a table of ours does.
    init(
        _ code: rd_kafka_resp_err_t,
        _ place: String,
        detail: String? = nil,
        isFatal: Bool = false,
        remedy: String? = nil
    ) {
        let reason = detail ?? String(cString: rd_kafka_err2str(code))
        self.init(
            Code(String(cString: rd_kafka_err2name(code))),
            place.isEmpty ? reason : "\(place): \(reason)",
            isRetriable: !isFatal && retriableCodes.contains(code.rawValue),
            isFatal: isFatal,
            remedy: remedy ?? remedies[code.rawValue]
        )
    }

    /// From librdkafka's error object, which it destroys.
    init(consuming error: OpaquePointer, _ place: String) {
        let code = rd_kafka_error_code(error)
        self.init(
            Code(String(cString: rd_kafka_err2name(code))),
            "\(place): \(String(cString: rd_kafka_error_string(error)))",
            isRetriable: rd_kafka_error_is_retriable(error) != 0 || retriableCodes.contains(code.rawValue),
            isFatal: rd_kafka_error_is_fatal(error) != 0,
            requiresAbort: rd_kafka_error_txn_requires_abort(error) != 0,
            remedy: remedies[code.rawValue]
        )
        rd_kafka_error_destroy(error)
    }
}

/// Throws for a response code that is not success.
func check(_ code: rd_kafka_resp_err_t, _ place: @autoclosure () -> String) throws(KafkaError) {
    if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(code, place()) }
}

/// Throws for an error object.
func check(_ error: OpaquePointer?, _ place: @autoclosure () -> String) throws(KafkaError) {
    if let error { throw KafkaError(consuming: error, place()) }
}

private let retriableCodes: Set<Int32> = Set(
    [
        RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__RESOLVE, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
        RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR__QUEUE_FULL,
        RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR__RETRY,
        RD_KAFKA_RESP_ERR__WAIT_CACHE, RD_KAFKA_RESP_ERR__IN_PROGRESS,
        RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
        RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
        RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
        RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
        RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR_NOT_CONTROLLER,
        RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
        RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT,
        RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED, RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_PREFERRED_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
        RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, RD_KAFKA_RESP_ERR_ELIGIBLE_LEADERS_NOT_AVAILABLE,
    ].map(\.rawValue)
)

private let remedies: [Int32: String] = [
    RD_KAFKA_RESP_ERR__RESOLVE.rawValue: "check the host names in bootstrap.servers",
    RD_KAFKA_RESP_ERR__SSL.rawValue:
        "check security.protocol, ssl.ca.location and, where the broker asks for one, the client's certificate",
    RD_KAFKA_RESP_ERR__AUTHENTICATION.rawValue: "check sasl.mechanism, sasl.username and sasl.password",
    RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN.rawValue:
        "check bootstrap.servers, security.protocol and the network; the client goes on trying",
    RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED.rawValue:
        "make batches smaller or raise max.poll.interval.ms; the partitions are lost to others meanwhile",
    RD_KAFKA_RESP_ERR__QUEUE_FULL.rawValue: "wait for deliveries, or raise queue.buffering.max.messages",
    RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART.rawValue: "create the topic, or check its name",
    RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC.rawValue: "create the topic, or check its name",
    RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION.rawValue: "check the number of partitions of the topic",
    RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED.rawValue: "grant this user access to the topic",
    RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED.rawValue: "grant this user access to the consumer group",
    RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED.rawValue: "grant this user the operation on the cluster",
    RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED.rawValue:
        "grant this user access to the transactional id",
    RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE.rawValue:
        "raise message.max.bytes here and max.message.bytes of the topic, or send less",
    RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID.rawValue:
        "another member uses the same group.instance.id: give each instance its own",
    RD_KAFKA_RESP_ERR__FENCED.rawValue:
        "another producer uses the same transactional.id: give each instance its own",
    RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL.rawValue:
        "the group's other members use another partition.assignment.strategy: use the same everywhere",
]
