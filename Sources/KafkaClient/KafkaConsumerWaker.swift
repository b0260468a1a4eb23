import CLibrdkafka

/// Ends a consumer's poll early, from any thread (a signal's, say). With no
/// poll under way, the next one ends at once.
public struct KafkaConsumerWaker: Sendable {
    let handle: ClientHandle

    public func wake() {
        guard let queue = rd_kafka_queue_get_consumer(handle.pointer) else { return }
        rd_kafka_queue_yield(queue)
        rd_kafka_queue_destroy(queue)
    }
}
