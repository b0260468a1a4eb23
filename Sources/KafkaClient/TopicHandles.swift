import CLibrdkafka
import Telemetry

/// librdkafka's topic objects of one client, made at first use.
///
/// `@unchecked Sendable` holds because the pointers are reached under the lock
/// only, the objects themselves may be used from any thread, and they are
/// destroyed once nobody holds this object.
final class TopicHandles: @unchecked Sendable {
    private let client: ClientHandle
    private let pointers = Locked<[String: TopicPointer]>([:])

    struct TopicPointer: @unchecked Sendable {
        // Sendable for the reason above.
        let pointer: OpaquePointer
    }

    init(_ client: ClientHandle) {
        self.client = client
    }

    deinit {
        for (_, topic) in pointers.withLock({ $0 }) { rd_kafka_topic_destroy(topic.pointer) }
    }

    func handle(for topic: String) throws(KafkaError) -> OpaquePointer {
        let client = client.pointer
        let found = pointers.withLock { pointers -> TopicPointer? in
            if let known = pointers[topic] { return known }
            guard let made = rd_kafka_topic_new(client, topic, nil) else { return nil }
            pointers[topic] = TopicPointer(pointer: made)
            return pointers[topic]
        }
        guard let found else { throw KafkaError(rd_kafka_last_error(), "topic \(topic)") }
        return found.pointer
    }
}
