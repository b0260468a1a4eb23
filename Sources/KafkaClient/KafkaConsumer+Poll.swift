import CLibrdkafka

extension KafkaConsumer {
    /// Answers the rebalance that the poll before told of, then waits until
    /// `maximumCount` records are there, something else happens, or the time is
    /// over.
    ///
    /// - Parameters:
    ///   - maximumCount: the most records returned.
    ///   - timeout: how long to wait for the batch to fill: the batch window.
    /// - Returns: what happened, in its order; a rebalance, if any, is the last.
    ///   Empty when the time is over.
    /// - Throws: when the consumer is closed, or (retriable) when the offsets of
    ///   a starting time could not be had yet; the rebalance then waits for the
    ///   next poll.
    public func poll(maximumCount: Int, timeout: Duration) throws(KafkaError) -> [KafkaConsumerEvent] {
        try checkOpen()
        try completeRebalance()
        if !waiting.isEmpty { return takeWaiting() }
        let deadline = Deadline(after: timeout)
        var assembler = BatchAssembler(withHeaders: configuration.readsHeaders)
        var rest = max(1, maximumCount)
        repeat {
            let asked = min(rest, MessageBuffer.capacity)
            let count = try buffer.consume(
                queue,
                maximumCount: asked,
                milliseconds: deadline.milliseconds()
            ) { message in
                take(message, &assembler)
            }
            rest -= count
            // Fewer than asked for: time is over, or something woke us.
            if count < asked { break }
        } while rest > 0 && assembler.byteCount < configuration.maximumBatchBytes
        return events(assembler.take())
    }

    /// Shows that the owner lives, and takes nothing. An owner that does not poll for `max.poll.interval.ms` is else
    /// taken for stuck, and its partitions go to others.
    public func keepAlive() {
        buffer.touch(queue)
    }

    private func take(_ message: MessageBuffer.Message, _ assembler: inout BatchAssembler) {
        switch message.pointee.err {
        case RD_KAFKA_RESP_ERR_NO_ERROR: assembler.append(message)
        case RD_KAFKA_RESP_ERR__PARTITION_EOF: reachedEnd(message)
        default: failed(message)
        }
    }

    private func reachedEnd(_ message: MessageBuffer.Message) {
        guard let partition = source(of: message) else { return }
        let offset = message.pointee.offset
        // Past the markers of transactions, which are no records.
        if let position = positions[partition], (position ?? -1) < offset { positions[partition] = offset }
        if configuration.reportsPartitionEnd { waiting.append(.reachedEnd(partition, offset: offset)) }
    }

    private func failed(_ message: MessageBuffer.Message) {
        let code = message.pointee.err
        let detail = rd_kafka_message_errstr(message).map { String(cString: $0) }
        // Errors of a whole topic name it in their text, and some partition.
        let isTopics =
            code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
            || code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED
            || code == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION
        let place = isTopics ? "" : source(of: message)?.description ?? "consume"
        waiting.append(.failed(KafkaError(code, place, detail: detail)))
    }

    private func source(of message: MessageBuffer.Message) -> KafkaTopicPartition? {
        guard let topic = message.pointee.rkt, let name = rd_kafka_topic_name(topic) else { return nil }
        return KafkaTopicPartition(String(cString: name), message.pointee.partition)
    }

    /// Records first: those that came after a rebalance in the same poll are
    /// still of the assignment before it, as we had not answered it yet.
    private func events(_ batches: [KafkaBatch]) -> [KafkaConsumerEvent] {
        var events: [KafkaConsumerEvent] = []
        for batch in batches {
            guard let next = batch.nextOffset, positions.keys.contains(batch.source) else { continue }
            positions[batch.source] = next
            events.append(.records(batch))
        }
        events += takeWaiting()
        events += handle.context.takeErrors().filter { $0.code != .transport }.map { .failed($0) }
        for rebalance in handle.context.takeRebalances() {
            unanswered.append(rebalance)
            switch rebalance.kind {
            case .assigned: events.append(.assigned(rebalance.partitions))
            case .revoked: events.append(.revoked(rebalance.partitions))
            case .lost: events.append(.lost(rebalance.partitions))
            }
        }
        return events
    }

    private func takeWaiting() -> [KafkaConsumerEvent] {
        defer { waiting.removeAll() }
        return waiting
    }
}
