public import DetectionPipeline
public import LambdaRuntime

extension RecordBatch {
    /// What events and answers call the partition.
    public var partitionKey: String {
        KafkaEvent.Partition.key(topic: stream.name, number: stream.partition)
    }

    /// The records as an event's partition. O(records); the bytes are shared.
    public var eventPartition: KafkaEvent.Partition {
        KafkaEvent.Partition(
            topic: stream.name,
            number: stream.partition,
            bytes: bytes,
            records: records.map(\.eventRecord)
        )
    }
}

extension RecordBatch.Record {
    /// The record as it is in an event, with ranges of the same bytes.
    public var eventRecord: KafkaEvent.Record {
        KafkaEvent.Record(
            offset: offset,
            timestamp: timestampMilliseconds,
            timestampType: isAppendTime ? "LOG_APPEND_TIME" : "CREATE_TIME",
            key: key,
            value: value,
            headers: headers.isEmpty ? [] : headers.map { KafkaEvent.Header(name: $0.name, value: $0.value) }
        )
    }
}
