import CLibrdkafka

/// The array that librdkafka fills with messages, kept from poll to poll.
final class MessageBuffer {
    typealias Message = UnsafeMutablePointer<rd_kafka_message_t>

    /// Small enough that the bytes of a poll are checked often, large enough
    /// that the call's own cost does not show.
    static let capacity = 512

    private let storage: UnsafeMutablePointer<Message?>

    init() {
        storage = .allocate(capacity: Self.capacity)
        storage.initialize(repeating: nil, count: Self.capacity)
    }

    deinit {
        storage.deallocate()
    }

    /// Asks for no message: librdkafka only notes that it was asked.
    func touch(_ queue: OpaquePointer) {
        rd_kafka_consume_batch_queue(queue, 0, storage, 0)
    }

    /// Waits for up to `maximumCount` messages, serving callbacks, and hands
    /// over those that came; each is destroyed after `body` has seen it.
    ///
    /// - Returns: how many came, errors included.
    func consume(
        _ queue: OpaquePointer,
        maximumCount: Int,
        milliseconds: Int32,
        _ body: (Message) -> Void
    ) throws(KafkaError) -> Int {
        let limit = min(maximumCount, Self.capacity)
        let count = rd_kafka_consume_batch_queue(queue, milliseconds, storage, limit)
        guard count >= 0 else { throw KafkaError(rd_kafka_last_error(), "poll") }
        for index in 0..<count {
            guard let message = storage[index] else { continue }
            body(message)
            rd_kafka_message_destroy(message)
        }
        return count
    }
}
