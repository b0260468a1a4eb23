import DetectionPipeline
import LambdaRuntime

extension RecordBatch {
    /// The records as an event's partition. O(records); the bytes are shared.
    var eventPartition: KafkaEvent.Partition {
        KafkaEvent.Partition(
            topic: stream.name,
            number: stream.partition,
            bytes: bytes,
            records: records.map(\.eventRecord)
        )
    }
}

extension RecordBatch.Record {
    var eventRecord: KafkaEvent.Record {
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
