import DetectionPipeline
import LambdaRuntime

extension RecordBatch {
    /// The records as an event's partition.
    var eventPartition: KafkaEvent.Partition {
        KafkaEvent.Partition(
            topic: stream.name,
            number: stream.partition,
            bytes: bytes,
            records: records.map(\.eventRecord)
        )
    }

    /// What events and answers call the partition.
    var partitionKey: String { "\(stream.name)-\(stream.partition)" }
}

extension RecordBatch.Record {
    /// As it is in an event, with ranges of the same bytes.
    var eventRecord: KafkaEvent.Record {
        KafkaEvent.Record(
            offset: offset,
            timestamp: timestampMilliseconds,
            timestampType: isAppendTime ? "LOG_APPEND_TIME" : "CREATE_TIME",
            key: key,
            value: value,
            headers: headers.map { KafkaEvent.Header(name: $0.name, value: $0.value) }
        )
    }
}
