import CLibrdkafka

extension KafkaAdmin {
    /// What a cluster says of itself.
    public struct ClusterDescription: Sendable {
        public let clusterIdentifier: String
        /// Broker ids with their addresses (`host:port`).
        public let brokers: [Int32: String]
        /// Partition numbers by topic, internal topics included.
        public let topics: [String: [Int32]]
    }

    /// Brokers and topics of the cluster.
    public func describeCluster(timeout: Duration = .seconds(10)) throws(KafkaError) -> ClusterDescription {
        let handle = handle
        return try callWithDeadline(timeout, "describe the cluster") { () throws(KafkaError) in
            let identifier = try handle.clusterIdentifier(within: timeout)
            return try handle.withMetadata(topic: nil, timeout) { metadata in
                ClusterDescription(
                    clusterIdentifier: identifier,
                    brokers: metadata.brokerAddresses,
                    topics: metadata.partitionsByTopic
                )
            }
        }
    }

    /// The partitions of a topic, ascending.
    ///
    /// - Throws: `unknownTopicOrPartition` where there is no such topic.
    public func partitions(
        of topic: String,
        timeout: Duration = .seconds(10)
    ) throws(KafkaError) -> [KafkaTopicPartition] {
        let handle = handle
        return try callWithDeadline(timeout, "describe topic \(topic)") { () throws(KafkaError) in
            let numbers = try handle.withMetadata(topic: topic, timeout) { metadata throws(KafkaError) in
                try metadata.checkTopics("describe topic")
                return metadata.partitionsByTopic[topic] ?? []
            }
            return numbers.map { KafkaTopicPartition(topic, $0) }
        }
    }

    /// The oldest offset and the one after the newest of each partition.
    public func watermarks(
        of partitions: [KafkaTopicPartition],
        timeout: Duration = .seconds(10)
    ) throws(KafkaError) -> [KafkaTopicPartition: Range<Int64>] {
        let low = try offsets(of: partitions, at: .earliest, timeout: timeout)
        let high = try offsets(of: partitions, at: .latest, timeout: timeout)
        var marks: [KafkaTopicPartition: Range<Int64>] = [:]
        for (partition, end) in high { marks[partition] = min(low[partition] ?? end, end)..<end }
        return marks
    }

    /// The offset that a starting position means now, in each partition.
    public func offsets(
        of partitions: [KafkaTopicPartition],
        at position: KafkaStartingPosition,
        timeout: Duration = .seconds(10)
    ) throws(KafkaError) -> [KafkaTopicPartition: Int64] {
        let handle = handle
        return try callWithDeadline(timeout, "list offsets") { () throws(KafkaError) in
            try handle.offsets(of: partitions, at: position.listedTimestamp, within: timeout)
        }
    }
}

/// librdkafka's view of brokers and topics, alive during one call.
struct MetadataView {
    let pointer: UnsafePointer<rd_kafka_metadata>

    var brokerAddresses: [Int32: String] {
        let brokers = UnsafeBufferPointer(
            start: pointer.pointee.brokers,
            count: Int(pointer.pointee.broker_cnt)
        )
        return Dictionary(
            brokers.map { ($0.id, "\($0.host.map { String(cString: $0) } ?? "?"):\($0.port)") }
        ) { first, _ in first }
    }

    var partitionsByTopic: [String: [Int32]] {
        Dictionary(
            topics.map { topic in
                let partitions = UnsafeBufferPointer(start: topic.partitions, count: Int(topic.partition_cnt))
                return (String(cString: topic.topic), partitions.map(\.id).sorted())
            }
        ) { first, _ in first }
    }

    func checkTopics(_ place: String) throws(KafkaError) {
        for topic in topics where topic.err != RD_KAFKA_RESP_ERR_NO_ERROR {
            throw KafkaError(topic.err, "\(place) \(String(cString: topic.topic))")
        }
    }

    private var topics: UnsafeBufferPointer<rd_kafka_metadata_topic> {
        UnsafeBufferPointer(start: pointer.pointee.topics, count: Int(pointer.pointee.topic_cnt))
    }
}

extension ClientHandle {
    /// Asks for the metadata of one topic, or of all.
    func withMetadata<Value>(
        topic: String?,
        _ limit: Duration,
        _ body: (MetadataView) throws(KafkaError) -> Value
    ) throws(KafkaError) -> Value {
        let handles = TopicHandles(self)
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let only: OpaquePointer?
        if let topic { only = try handles.handle(for: topic) } else { only = nil }
        let code = rd_kafka_metadata(
            pointer,
            topic == nil ? 1 : 0,
            only,
            &metadata,
            limit.librdkafkaMilliseconds
        )
        try check(code, topic.map { "describe topic \($0)" } ?? "describe the cluster")
        defer { rd_kafka_metadata_destroy(metadata) }
        guard let metadata else { throw KafkaError(.timedOut, "describe: no answer", isRetriable: true) }
        return try body(MetadataView(pointer: metadata))
    }
}
