import CLibrdkafka

/// Sorts a poll's messages into batches by partition.
struct BatchAssembler {
    private struct Key: Hashable {
        let topic: OpaquePointer
        let partition: Int32
    }

    private let withHeaders: Bool
    private var batches: [KafkaBatch] = []
    private var indices: [Key: Int] = [:]
    private var last: (key: Key, index: Int)?
    private(set) var byteCount = 0

    init(withHeaders: Bool) {
        self.withHeaders = withHeaders
    }

    mutating func append(_ message: MessageBuffer.Message) {
        guard let topic = message.pointee.rkt else { return }
        byteCount += message.pointee.len + message.pointee.key_len
        let index = batchIndex(Key(topic: topic, partition: message.pointee.partition))
        batches[index].append(message, withHeaders: withHeaders)
    }

    /// The batches so far, in the order in which their first records came.
    mutating func take() -> [KafkaBatch] {
        defer { self = BatchAssembler(withHeaders: withHeaders) }
        return batches
    }

    private mutating func batchIndex(_ key: Key) -> Int {
        if let last, last.key == key { return last.index }
        let index: Int
        if let known = indices[key] {
            index = known
        } else {
            index = batches.count
            indices[key] = index
            let topic = rd_kafka_topic_name(key.topic).map { String(cString: $0) } ?? ""
            batches.append(KafkaBatch(source: KafkaTopicPartition(topic, key.partition)))
        }
        last = (key, index)
        return index
    }
}
