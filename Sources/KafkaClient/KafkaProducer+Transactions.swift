import CLibrdkafka

/// Transactions, for a producer with a `transactional.id`. Errors say what to
/// do next: retry the call (`isRetriable`), abort the transaction
/// (`requiresAbort`), or make a new producer (`isFatal`).
extension KafkaProducer {
    /// Registers the transactional id and fences earlier producers that have it.
    /// Once, before the first transaction.
    public func initializeTransactions(timeout: Duration = .seconds(30)) throws(KafkaError) {
        try check(
            rd_kafka_init_transactions(handle.pointer, timeout.librdkafkaMilliseconds),
            "initialize transactions"
        )
    }

    public func beginTransaction() throws(KafkaError) {
        try check(rd_kafka_begin_transaction(handle.pointer), "begin the transaction")
    }

    /// Makes the group's offsets part of the transaction.
    ///
    /// - Parameters:
    ///   - offsets: of each partition the next record to read.
    ///   - group: the consumer's, at present; an earlier generation is refused.
    public func sendOffsets(
        _ offsets: [KafkaTopicPartition: Int64],
        of group: KafkaGroupMetadata,
        timeout: Duration = .seconds(30)
    ) throws(KafkaError) {
        let list = PartitionList(offsets)
        try check(
            rd_kafka_send_offsets_to_transaction(
                handle.pointer,
                list.pointer,
                group.storage.pointer,
                timeout.librdkafkaMilliseconds
            ),
            "send offsets to the transaction"
        )
    }

    /// Sends what is under way and commits. On a retriable error call it again.
    public func commitTransaction(timeout: Duration = .seconds(30)) throws(KafkaError) {
        try check(
            rd_kafka_commit_transaction(handle.pointer, timeout.librdkafkaMilliseconds),
            "commit the transaction"
        )
    }

    /// Drops what the transaction produced: consumers that read committed
    /// records (the default) never see it.
    public func abortTransaction(timeout: Duration = .seconds(30)) throws(KafkaError) {
        try check(
            rd_kafka_abort_transaction(handle.pointer, timeout.librdkafkaMilliseconds),
            "abort the transaction"
        )
    }
}
