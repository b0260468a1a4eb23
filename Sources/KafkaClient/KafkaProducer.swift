import CLibrdkafka
public import Telemetry

/// Sends batches of records and says what became of each.
///
/// Idempotent unless `enable.idempotence` says otherwise: records are neither
/// lost, doubled nor reordered within a partition by retries. With a
/// `transactional.id` it has transactions. May be used from several threads,
/// transactions from one.
public final class KafkaProducer: Sendable {
    let handle: ClientHandle
    let topics: TopicHandles

    /// - Parameters:
    ///   - logger: gets librdkafka's log lines.
    public init(
        _ properties: KafkaProperties,
        logger: Logger = .silent
    ) throws(KafkaError) {
        // Idempotence forbids other values of these two; who sets them decides.
        let decides = ["enable.idempotence", "acks", "request.required.acks"].contains {
            properties[$0] != nil
        }
        let complete = decides ? properties : properties.withDefaults(["enable.idempotence": "true"])
        handle = try ClientHandle(.producer, complete, logger: logger)
        topics = TopicHandles(handle)
    }

    /// Waits until a broker answers. See `KafkaConsumer.checkConnectivity`.
    @discardableResult
    public func checkConnectivity(within limit: Duration = .seconds(30)) throws(KafkaError) -> String {
        try handle.clusterIdentifier(within: limit)
    }

    /// Sends all records and waits until the broker has them.
    ///
    /// While librdkafka's queue is full it waits for room.
    ///
    /// - Returns: one outcome for each record, in their order. Those not
    ///   delivered by the deadline fail with `queueFull` (never sent) or
    ///   `timedOut` (sent, may still arrive).
    public func produce(_ batch: KafkaProducerBatch, timeout: Duration = .seconds(60)) -> [KafkaDelivery] {
        let deadline = Deadline(after: timeout)
        let ledger = handle.context.deliveries
        let identifier = ledger.open(count: batch.count, topic: batch.topic)
        let sent = enqueue(batch, identifier, deadline)
        while !ledger.isComplete(identifier), !deadline.hasPassed {
            // Short, because another thread may serve our reports meanwhile.
            rd_kafka_poll(handle.pointer, deadline.milliseconds(atMost: .milliseconds(10)))
        }
        guard let closed = ledger.close(identifier) else { return [] }
        guard closed.outstanding > 0 else { return closed.outcomes }
        let late = KafkaError(
            .timedOut,
            "produce to \(batch.topic): not confirmed within \(timeout); it may still arrive",
            isRetriable: true
        )
        return closed.outcomes.enumerated().map { index, outcome in
            index < sent && outcome.error?.code == .queueFull ? .failed(late) : outcome
        }
    }

    /// Waits until nothing is under way any more.
    public func flush(timeout: Duration) throws(KafkaError) {
        try check(rd_kafka_flush(handle.pointer, timeout.librdkafkaMilliseconds), "flush")
    }

    /// Errors since the last call, of the connection or the producer itself.
    public func takeErrors() -> [KafkaError] {
        rd_kafka_poll(handle.pointer, 0)
        return handle.context.takeErrors()
    }

    /// librdkafka's statistics, the latest, as JSON; needs the property
    /// `statistics.interval.ms`.
    public var statistics: String? { handle.context.statistics }

    /// - Returns: how many records were handed to librdkafka or refused by it;
    ///   the rest found the queue full.
    private func enqueue(_ batch: KafkaProducerBatch, _ identifier: UInt32, _ deadline: Deadline) -> Int {
        let ledger = handle.context.deliveries
        let topic: OpaquePointer
        do throws(KafkaError) {
            topic = try topics.handle(for: batch.topic)
        } catch {
            for index in batch.entries.indices {
                ledger.willSend(identifier)
                ledger.refused(identifier, index, error)
            }
            return batch.count
        }
        return batch.bytes.withUnsafeBytes { bytes in
            let sender = RecordSender(client: handle.pointer, topic: topic, bytes: bytes, batch: batch)
            for index in batch.entries.indices {
                ledger.willSend(identifier)
                while let error = sender.send(index, token: DeliveryLedger.token(identifier, index)) {
                    if error.code == .queueFull, !deadline.hasPassed {
                        rd_kafka_poll(handle.pointer, deadline.milliseconds(atMost: .milliseconds(100)))
                        continue
                    }
                    ledger.refused(identifier, index, error)
                    if error.code == .queueFull { return index }
                    break
                }
            }
            return batch.count
        }
    }
}
