import CLibrdkafka

extension ClientHandle {
    /// The offset in each partition of the first record at or after a time;
    /// with -1 the offset of the next record to come, with -2 that of the oldest.
    /// Partitions that have no record so late get their end.
    ///
    /// Blocks for a few times `limit` at most; librdkafka respects it here, unlike in
    /// `rd_kafka_query_watermark_offsets`.
    func offsets(
        of partitions: [KafkaTopicPartition],
        at timestamp: Int64,
        within limit: Duration
    ) throws(KafkaError) -> [KafkaTopicPartition: Int64] {
        let deadline = Deadline(after: limit)
        while true {
            do throws(KafkaError) {
                return try listedOffsets(of: partitions, at: timestamp, within: limit)
            } catch {
                // A broker shows a new topic a moment before it leads its partitions.
                guard error.code == .notLeader, !deadline.hasPassed else { throw error }
                // librdkafka asks the leader that it remembers, and after such an answer goes on
                // doing so for minutes, until it happens to look at the topic again.
                for topic in Set(partitions.map(\.topic)) {
                    try withMetadata(topic: topic, limit) { metadata throws(KafkaError) in
                        try metadata.checkTopics("describe topic")
                    }
                }
                pauseThread(.milliseconds(20))
            }
        }
    }

    private func listedOffsets(
        of partitions: [KafkaTopicPartition],
        at timestamp: Int64,
        within limit: Duration
    ) throws(KafkaError) -> [KafkaTopicPartition: Int64] {
        guard !partitions.isEmpty else { return [:] }
        let list = PartitionList(partitions, offset: timestamp)
        let code = rd_kafka_offsets_for_times(pointer, list.pointer, limit.librdkafkaMilliseconds)
        try check(code, "list offsets of \(partitions.map(\.description).joined(separator: ", "))")
        try list.checkElements("list offsets of")
        var found: [KafkaTopicPartition: Int64] = [:]
        for element in list.elements where element.offset >= 0 { found[element.partition] = element.offset }
        let late = partitions.filter { found[$0] == nil }
        guard timestamp >= 0, !late.isEmpty else { return found }
        return found.merging(try listedOffsets(of: late, at: -1, within: limit)) { first, _ in first }
    }

    /// What the group has committed; partitions without a commit are absent.
    func committed(
        _ partitions: [KafkaTopicPartition],
        within limit: Duration
    ) throws(KafkaError) -> [KafkaTopicPartition: Int64] {
        guard !partitions.isEmpty else { return [:] }
        let list = PartitionList(partitions)
        try check(
            rd_kafka_committed(pointer, list.pointer, limit.librdkafkaMilliseconds),
            "read committed offsets"
        )
        try list.checkElements("committed offset of")
        var offsets: [KafkaTopicPartition: Int64] = [:]
        for element in list.elements where element.offset >= 0 { offsets[element.partition] = element.offset }
        return offsets
    }
}
