import CLibrdkafka

/// Owns an `rd_kafka_topic_partition_list_t`.
final class PartitionList {
    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(capacity: Int = 0) {
        pointer = rd_kafka_topic_partition_list_new(Int32(clamping: capacity))
    }

    convenience init(
        _ partitions: some Collection<KafkaTopicPartition>,
        offset: Int64 = Int64(RD_KAFKA_OFFSET_INVALID)
    ) {
        self.init(capacity: partitions.count)
        for partition in partitions { add(partition, offset: offset) }
    }

    convenience init(_ offsets: [KafkaTopicPartition: Int64]) {
        self.init(capacity: offsets.count)
        for (partition, offset) in offsets { add(partition, offset: offset) }
    }

    /// Takes over a list that librdkafka gave away.
    init(owning pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) {
        self.pointer = pointer
    }

    deinit {
        rd_kafka_topic_partition_list_destroy(pointer)
    }

    func add(_ partition: KafkaTopicPartition, offset: Int64) {
        rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition).pointee.offset =
            offset
    }

    var elements: [Element] { Self.elements(of: pointer) }

    /// Throws the first error that an element holds.
    func checkElements(_ place: String) throws(KafkaError) {
        for element in elements where element.error != RD_KAFKA_RESP_ERR_NO_ERROR {
            throw KafkaError(element.error, "\(place) \(element.partition)")
        }
    }

    struct Element {
        let partition: KafkaTopicPartition
        let offset: Int64
        let error: rd_kafka_resp_err_t
    }

    static func elements(
        of list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    ) -> [Element] {
        guard let list, let first = list.pointee.elems else { return [] }
        return UnsafeBufferPointer(start: first, count: Int(list.pointee.cnt)).map { element in
            Element(
                partition: KafkaTopicPartition(
                    element.topic.map { String(cString: $0) } ?? "",
                    element.partition
                ),
                offset: element.offset,
                error: element.err
            )
        }
    }
}
