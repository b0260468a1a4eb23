import CLibrdkafka

extension KafkaConsumer {
    /// Gives up the partitions and leaves the group, so that others get them at
    /// once. Commits nothing. A second call does nothing.
    ///
    /// - Throws: `timedOut` when the group could not be left in time; the broker
    ///   then notices after the session time. The consumer is closed either way.
    public func close(timeout: Duration = .seconds(10)) throws(KafkaError) {
        guard !isClosed else { return }
        isClosed = true
        handle.context.beginClosing()
        for rebalance in unanswered + handle.context.takeRebalances() where rebalance.kind != .assigned {
            try? rebalance.answer(handle.pointer)
        }
        unanswered.removeAll()
        positions.removeAll()
        let deadline = Deadline(after: timeout)
        try check(rd_kafka_consumer_close_queue(handle.pointer, queue), "close")
        while rd_kafka_consumer_closed(handle.pointer) == 0 {
            _ = try buffer.consume(
                queue,
                maximumCount: MessageBuffer.capacity,
                milliseconds: deadline.milliseconds(atMost: .milliseconds(50))
            ) { _ in }
            if deadline.hasPassed {
                throw KafkaError(
                    .timedOut,
                    "close: the group was not left within \(timeout)",
                    isRetriable: false
                )
            }
        }
    }
}
