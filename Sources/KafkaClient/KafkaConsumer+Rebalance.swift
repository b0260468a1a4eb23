import CLibrdkafka

extension KafkaConsumer {
    /// Answers the rebalance that the last poll told of: takes the partitions
    /// assigned, or gives up those revoked or lost. `poll` does it too, with no
    /// offsets of the owner's.
    ///
    /// - Parameter offsets: where to start in partitions assigned; those not in
    ///   here start at the committed offset, or at the starting position.
    /// - Throws: (retriable) when the offsets of a starting time could not be
    ///   had; the partitions are not taken then, and the call can be repeated.
    public func completeRebalance(
        startingAt offsets: [KafkaTopicPartition: Int64] = [:]
    ) throws(KafkaError) {
        while let rebalance = unanswered.first {
            var starts = offsets
            if rebalance.kind == .assigned, case .timestamp = configuration.startingPosition {
                let open = rebalance.partitions.filter { starts[$0] == nil }
                if !open.isEmpty { starts.merge(try startingOffsets(of: open)) { given, _ in given } }
            }
            unanswered.removeFirst()
            if rebalance.kind != .assigned { endPause(of: rebalance.partitions) }
            try rebalance.answer(handle.pointer, startingAt: starts)
            for partition in rebalance.partitions {
                if rebalance.kind == .assigned {
                    positions[partition] = .some(starts[partition].flatMap { $0 >= 0 ? $0 : nil })
                } else {
                    positions[partition] = nil
                }
            }
            if !rebalance.isIncremental, rebalance.kind != .assigned { positions.removeAll() }
        }
    }

    /// librdkafka keeps a pause beyond the assignment in which it was made: a partition that comes back
    /// would give nothing, and nobody would know why.
    private func endPause(of partitions: [KafkaTopicPartition]) {
        let list = PartitionList(partitions)
        // Errors are of partitions that librdkafka has forgotten, and their pause with them.
        withExtendedLifetime(list) { _ = rd_kafka_resume_partitions(handle.pointer, list.pointer) }
    }

    /// Where this group would start now in these partitions: the committed
    /// offset, or else what the starting position means at this moment. An owner
    /// that commits it at once does not lose records between now and its first
    /// commit, should it stop before that.
    ///
    /// Asks the broker, for at most `requestTimeout` twice.
    public func startingOffsets(
        of partitions: [KafkaTopicPartition]
    ) throws(KafkaError) -> [KafkaTopicPartition: Int64] {
        var offsets = try committed(partitions, timeout: configuration.requestTimeout)
        let open = partitions.filter { offsets[$0] == nil }
        guard !open.isEmpty else { return offsets }
        let handle = handle
        let position = configuration.startingPosition
        let limit = configuration.requestTimeout
        let found = try callWithDeadline(limit, "starting offsets") { () throws(KafkaError) in
            try handle.offsets(of: open, at: position.listedTimestamp, within: limit)
        }
        offsets.merge(found) { committed, _ in committed }
        return offsets
    }

    /// The offsets of the records that the broker has: from the oldest kept to the next to
    /// come. Asks the broker, for at most `requestTimeout` twice.
    public func keptOffsets(
        of partitions: [KafkaTopicPartition]
    ) throws(KafkaError) -> [KafkaTopicPartition: Range<Int64>] {
        let handle = handle
        let limit = configuration.requestTimeout
        return try callWithDeadline(limit, "offsets kept") { () throws(KafkaError) in
            let oldest = try handle.offsets(of: partitions, at: -2, within: limit)
            let next = try handle.offsets(of: partitions, at: -1, within: limit)
            return oldest.reduce(into: [:]) { kept, entry in
                kept[entry.key] = next[entry.key].map { entry.value..<max(entry.value, $0) }
            }
        }
    }
}

extension KafkaStartingPosition {
    /// As Kafka's ListOffsets takes it.
    var listedTimestamp: Int64 {
        switch self {
        case .latest: -1
        case .earliest: -2
        case .timestamp(let milliseconds): max(0, milliseconds)
        }
    }
}
