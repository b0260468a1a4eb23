import Telemetry

/// Writes the event that an event source mapping hands to a function: the records of each partition under
/// `TOPIC-PARTITION`, keys and values in base64, headers as arrays of signed bytes.
///
/// ``KafkaEventSize`` tells how large an event gets before it is written. What is written reads back as the same values.
///
/// Source: AWS Lambda Developer Guide, "Using Lambda with Amazon MSK" and "with self-managed Apache Kafka".
public struct KafkaEventEncoder: Sendable {
    /// The most bytes of an event that Lambda takes in a call that waits for the answer: 6 MiB and 100 bytes.
    public static let sizeLimit = 6_291_556

    /// All before the first partition.
    let head: [UInt8]
    static let tail: StaticString = "}}"

    /// - Parameters:
    ///   - eventSourceARN: of an MSK cluster; nil for any other, whose events name no ARN.
    ///   - bootstrapServers: joined by commas.
    public init(eventSourceARN: String?, bootstrapServers: String) {
        var head: [UInt8] = []
        if let eventSourceARN {
            head.put(#"{"eventSource":"aws:kafka","eventSourceArn":"#)
            head.put(eventSourceARN.jsonBytes)
        } else {
            head.put(#"{"eventSource":"SelfManagedKafka""#)
        }
        head.put(#","bootstrapServers":"#)
        head.put(bootstrapServers.jsonBytes)
        head.put(#","records":{"#)
        self.head = head
    }

    /// The event with these partitions, each of which is to be there once.
    ///
    /// O(bytes), into a buffer that is allocated once.
    public func encode(_ partitions: [KafkaEvent.Partition]) -> [UInt8] {
        var event: [UInt8] = []
        event.reserveCapacity(size(of: partitions))
        write(partitions, to: &event)
        return event
    }

    /// How many bytes `encode` gives. O(records + headers' bytes)
    public func size(of partitions: [KafkaEvent.Partition]) -> Int {
        var size = EventByteCount()
        write(partitions, to: &size)
        return size.count
    }

    /// How many bytes a record adds to an event, with the comma before it. O(headers' bytes)
    public static func size(of record: KafkaEvent.Record, topic: String, partition: Int32) -> Int {
        var size = EventByteCount()
        size.put(",")
        KafkaPartitionForm(topic: topic, number: partition).write(record, of: [], to: &size)
        return size.count
    }

    private func write(_ partitions: [KafkaEvent.Partition], to output: inout some EventOutput) {
        output.put(head)
        for (position, partition) in partitions.enumerated() {
            if position > 0 { output.put(",") }
            let form = KafkaPartitionForm(topic: partition.topic, number: partition.number)
            form.begin(&output, key: partition.key)
            for (position, record) in partition.records.enumerated() {
                if position > 0 { output.put(",") }
                form.write(record, of: partition.bytes, to: &output)
            }
            form.end(&output)
        }
        output.put(Self.tail)
    }
}

/// How large an event with the records added so far is going to be, to the byte.
public struct KafkaEventSize: Sendable {
    /// What `KafkaEventEncoder.encode` gives for them.
    public private(set) var byteCount: Int
    private var forms: [PartitionName: KafkaPartitionForm] = [:]

    private struct PartitionName: Hashable {
        var topic: String
        var number: Int32
    }

    /// Of an event without records.
    public init(_ encoder: KafkaEventEncoder) {
        byteCount = encoder.head.count + KafkaEventEncoder.tail.utf8CodeUnitCount
    }

    /// Adds a record of a partition, unless the event would be larger than `limit`. O(headers' bytes)
    ///
    /// - Returns: whether it was added.
    public mutating func add(
        _ record: KafkaEvent.Record,
        topic: String,
        partition: Int32,
        within limit: Int = KafkaEventEncoder.sizeLimit
    ) -> Bool {
        let name = PartitionName(topic: topic, number: partition)
        let known = forms[name]
        let form = known ?? KafkaPartitionForm(topic: topic, number: partition)
        var size = EventByteCount()
        if known == nil {
            form.begin(&size, key: KafkaEvent.Partition.key(topic: topic, number: partition))
            form.end(&size)
        }
        // The comma before a partition, or before a record of one.
        if known != nil || !forms.isEmpty { size.put(",") }
        form.write(record, of: [], to: &size)
        guard byteCount + size.count <= limit else { return false }
        byteCount += size.count
        forms[name] = form
        return true
    }
}

extension KafkaEvent {
    /// The event as JSON, as a mapping writes it.
    public var json: [UInt8] {
        KafkaEventEncoder(eventSourceARN: eventSourceARN, bootstrapServers: bootstrapServers)
            .encode(partitions)
    }
}
