import CLibrdkafka

extension KafkaConsumer {
    /// Reads these partitions from these offsets, as a member of no group: nobody gives them
    /// or takes them. For a consumer that does not subscribe.
    public func assign(_ offsets: [KafkaTopicPartition: Int64]) throws(KafkaError) {
        try checkOpen()
        if !hasSubscribed {
            try check(rd_kafka_poll_set_consumer(handle.pointer), "assign")
            hasSubscribed = true
        }
        let list = PartitionList(offsets)
        try check(rd_kafka_assign(handle.pointer, list.pointer), "assign")
        positions = offsets.mapValues { .some($0) }
    }
}
