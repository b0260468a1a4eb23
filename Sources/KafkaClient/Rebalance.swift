import CLibrdkafka

/// A rebalance that librdkafka told us of and that we have not answered yet.
struct Rebalance: Sendable {
    enum Kind: Sendable {
        case assigned
        case revoked
        case lost
    }

    let kind: Kind
    let partitions: [KafkaTopicPartition]
    /// Cooperative: the partitions are those added or taken, not all.
    let isIncremental: Bool

    /// Tells librdkafka that we have acted on it.
    ///
    /// - Parameter offsets: where to start; librdkafka finds the committed
    ///   offset, or the starting position, of partitions not in here.
    func answer(
        _ client: OpaquePointer,
        startingAt offsets: [KafkaTopicPartition: Int64] = [:]
    ) throws(KafkaError) {
        let list = PartitionList(partitions)
        for index in partitions.indices {
            if let offset = offsets[partitions[index]] { list.pointer.pointee.elems[index].offset = offset }
        }
        switch (kind, isIncremental) {
        case (.assigned, false): try check(rd_kafka_assign(client, list.pointer), "assign")
        case (.assigned, true): try check(rd_kafka_incremental_assign(client, list.pointer), "assign")
        case (_, false): try check(rd_kafka_assign(client, nil), "give up partitions")
        case (_, true): try check(rd_kafka_incremental_unassign(client, list.pointer), "give up partitions")
        }
    }
}
