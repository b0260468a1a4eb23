import CLibrdkafka
import Telemetry

/// What became of each record of the batches under way. Filled by librdkafka's
/// delivery callback, read by those who wait.
final class DeliveryLedger: Sendable {
    private let state = Locked(State())

    struct State {
        var nextIdentifier: UInt32 = 1
        var batches: [UInt32: Batch] = [:]
    }

    struct Batch: Sendable {
        var outcomes: [KafkaDelivery]
        /// Records handed to librdkafka and not yet reported.
        var outstanding: Int
    }

    /// Makes room for a batch; until they are reported, its records count as not sent.
    func open(count: Int, topic: String) -> UInt32 {
        let notSent = KafkaDelivery.failed(
            KafkaError(.queueFull, "produce to \(topic): not sent, the queue was full", isRetriable: true)
        )
        return state.withLock { state in
            let identifier = state.nextIdentifier
            state.nextIdentifier = identifier == .max ? 1 : identifier + 1
            let outcomes = [KafkaDelivery](repeating: notSent, count: count)
            state.batches[identifier] = Batch(outcomes: outcomes, outstanding: 0)
            return identifier
        }
    }

    /// Counts a record before librdkafka gets it.
    func willSend(_ identifier: UInt32) {
        state.withLock { $0.batches[identifier]?.outstanding += 1 }
    }

    /// Takes the count back: librdkafka did not take the record.
    func refused(_ identifier: UInt32, _ index: Int, _ error: KafkaError) {
        state.withLock { state in
            state.batches[identifier]?.outstanding -= 1
            state.batches[identifier]?.outcomes[index] = .failed(error)
        }
    }

    func isComplete(_ identifier: UInt32) -> Bool {
        state.withLock { ($0.batches[identifier]?.outstanding ?? 0) == 0 }
    }

    /// Ends the batch; reports that come later are dropped.
    func close(_ identifier: UInt32) -> Batch? {
        state.withLock { $0.batches.removeValue(forKey: identifier) }
    }

    /// A record's token for librdkafka: its batch and its place in there. The
    /// identifier is never 0, so the token is never null.
    static func token(_ identifier: UInt32, _ index: Int) -> UnsafeMutableRawPointer? {
        UnsafeMutableRawPointer(bitPattern: UInt(identifier) << 32 | UInt(UInt32(truncatingIfNeeded: index)))
    }

    /// librdkafka's report on one record.
    func delivered(_ message: UnsafePointer<rd_kafka_message_t>) {
        let token = UInt(bitPattern: message.pointee._private)
        let identifier = UInt32(truncatingIfNeeded: token >> 32)
        let index = Int(token & 0xffff_ffff)
        let outcome: KafkaDelivery =
            if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
                .delivered(partition: message.pointee.partition, offset: message.pointee.offset)
            } else {
                .failed(KafkaError(message.pointee.err, "produce"))
            }
        state.withLock { state in
            guard var batch = state.batches.removeValue(forKey: identifier) else { return }
            batch.outstanding -= 1
            batch.outcomes[index] = outcome
            state.batches[identifier] = batch
        }
    }
}
