import CLibrdkafka

extension KafkaConsumer {
    /// Commits these offsets for the group and waits for the broker's answer.
    ///
    /// - Parameter offsets: of each partition the next record to read, that is
    ///   one more than the last one done.
    /// - Throws: `timedOut` (the commit may still happen), `rebalanceInProgress`,
    ///   `illegalGeneration` and `unknownMember` (the partitions are another's).
    public func commit(
        _ offsets: [KafkaTopicPartition: Int64],
        timeout: Duration = .seconds(10)
    ) throws(KafkaError) {
        try checkOpen()
        guard !offsets.isEmpty else { return }
        // A queue for this commit alone: a late answer to one given up goes nowhere.
        let answers = rd_kafka_queue_new(handle.pointer)
        defer { rd_kafka_queue_destroy(answers) }
        let list = PartitionList(offsets)
        try check(rd_kafka_commit_queue(handle.pointer, list.pointer, answers, nil, nil), "commit")
        guard let event = rd_kafka_queue_poll(answers, timeout.librdkafkaMilliseconds) else {
            throw KafkaError(.timedOut, "commit: no answer within \(timeout)", isRetriable: true)
        }
        defer { rd_kafka_event_destroy(event) }
        try check(rd_kafka_event_error(event), "commit")
        let answered = PartitionList.elements(of: rd_kafka_event_topic_partition_list(event))
        for element in answered where element.error != RD_KAFKA_RESP_ERR_NO_ERROR {
            throw KafkaError(element.error, "commit \(element.partition)")
        }
    }

    /// What the group has committed; partitions without a commit are absent.
    public func committed(
        _ partitions: [KafkaTopicPartition],
        timeout: Duration = .seconds(10)
    ) throws(KafkaError) -> [KafkaTopicPartition: Int64] {
        try checkOpen()
        return try handle.committed(partitions, within: timeout)
    }

    /// The offset of the next record that `poll` will deliver, once known.
    public func position(of partition: KafkaTopicPartition) -> Int64? {
        positions[partition] ?? nil
    }

    /// How many records the broker had beyond our position when it was last
    /// asked for some, by partition; from what librdkafka remembers, so that it
    /// never waits. Partitions that nothing is known of yet are absent.
    public func lag() -> [KafkaTopicPartition: Int64] {
        var lag: [KafkaTopicPartition: Int64] = [:]
        for (partition, position) in positions {
            var low: Int64 = 0
            var high: Int64 = 0
            let code = rd_kafka_get_watermark_offsets(
                handle.pointer,
                partition.topic,
                partition.partition,
                &low,
                &high
            )
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR, high >= 0, let position else { continue }
            lag[partition] = max(0, high - position)
        }
        return lag
    }

    /// Stops fetching from these partitions; polls go on, and must, for the
    /// group's sake. A partition that is given up is paused no more when it comes back.
    public func pause(_ partitions: [KafkaTopicPartition]) throws(KafkaError) {
        try checkOpen()
        let list = PartitionList(partitions)
        try check(rd_kafka_pause_partitions(handle.pointer, list.pointer), "pause")
        try list.checkElements("pause")
    }

    /// Goes on fetching, at the record after the last one delivered.
    public func resume(_ partitions: [KafkaTopicPartition]) throws(KafkaError) {
        try checkOpen()
        let list = PartitionList(partitions)
        try check(rd_kafka_resume_partitions(handle.pointer, list.pointer), "resume")
        try list.checkElements("resume")
        // librdkafka before 2.1.0 can skip records here when it consumes in batches.
        for partition in partitions {
            if let next = position(of: partition) { try seek(partition, to: next) }
        }
    }

    /// Makes `offset` the next record to be delivered from a partition.
    public func seek(
        _ partition: KafkaTopicPartition,
        to offset: Int64,
        timeout: Duration = .seconds(60)
    ) throws(KafkaError) {
        try checkOpen()
        let list = PartitionList([partition: offset])
        try check(
            rd_kafka_seek_partitions(handle.pointer, list.pointer, timeout.librdkafkaMilliseconds),
            "seek \(partition)"
        )
        try list.checkElements("seek")
        if positions.keys.contains(partition) { positions[partition] = offset }
    }
}
