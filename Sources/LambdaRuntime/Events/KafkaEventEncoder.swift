import Telemetry

/// Writes the event that an event source mapping hands to a function: the records of each partition under
/// `TOPIC-PARTITION`, keys and values in base64, headers as arrays of signed bytes.
///
/// ``KafkaTopicSize`` tells how large an event gets before it is written. What is written reads back as the same values.
///
/// Source: AWS Lambda Developer Guide, "Using Lambda with Amazon MSK" and "with self-managed Apache Kafka".
public struct KafkaEventEncoder: Sendable {
    /// The most bytes of an event that Lambda takes in a call that waits for the answer: 6 MiB. Of an answer it takes a
    /// hundred more.
    ///
    /// Source: Lambda's own refusal, "Request must be smaller than 6291456 bytes for the InvokeFunction operation".
    public static let sizeLimit = 6 << 20

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

extension KafkaEvent {
    /// The event as JSON, as a mapping writes it.
    public var json: [UInt8] {
        KafkaEventEncoder(eventSourceARN: eventSourceARN, bootstrapServers: bootstrapServers)
            .encode(partitions)
    }
}
