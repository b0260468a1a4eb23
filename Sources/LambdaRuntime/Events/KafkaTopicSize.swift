/// How large the records of a topic get in events that hold one partition each, to the byte.
public struct KafkaTopicSize: Sendable {
    private let form: KafkaPartitionForm
    private let emptyByteCount: Int

    public init(_ encoder: KafkaEventEncoder, topic: String) {
        form = KafkaPartitionForm(topic: topic, number: 0)
        emptyByteCount = encoder.size(of: [KafkaEvent.Partition(topic: topic, number: 0)])
    }

    /// Bytes of an event of the partition without records.
    public func emptyByteCount(partition: Int32) -> Int { emptyByteCount + Self.moreDigits(partition) }

    /// Bytes that a record adds to an event of the partition, with the comma that all but the first have before them.
    /// O(headers' bytes)
    public func byteCount(of record: KafkaEvent.Record, partition: Int32) -> Int {
        var size = EventByteCount()
        size.put(",")
        form.write(record, of: [], to: &size)
        return size.count + Self.moreDigits(partition)
    }

    /// Digits of the partition's number beyond the first, which is in the forms.
    private static func moreDigits(_ partition: Int32) -> Int {
        var size = EventByteCount()
        size.put(Int64(partition))
        return size.count - 1
    }
}
