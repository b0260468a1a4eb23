import BinaryCoding
import DetectionPipeline
import LambdaRuntime

extension KafkaEvent {
    /// A batch for each partition, its records by offset, each once.
    func batches() -> [FunctionBatch] {
        let cluster = cluster
        // Of one function, topics of two clusters may have the same name.
        let clusterKey = String(stableHash(cluster.utf8), radix: 16)
        return partitions.filter { !$0.records.isEmpty }.map { partition in
            let stream = RecordStream(
                origin: "kafka:\(cluster)/\(partition.topic)",
                name: partition.topic,
                partition: partition.number
            )
            let batch = RecordBatch(stream: stream, bytes: partition.bytes, records: partition.batchRecords())
            return FunctionBatch(
                batch: batch,
                order: .stream(
                    key: "kafka/\(clusterKey)/\(partition.topic)/\(partition.number)",
                    .offsets(batch.records.map(\.offset))
                ),
                items: .kafka(partition: partition.key)
            )
        }
    }
}

extension KafkaEvent {
    /// The same for each event of a mapping: servers come in any order.
    private var cluster: String {
        eventSourceARN ?? bootstrapServers.split(separator: ",").sorted().joined(separator: ",")
    }
}

extension KafkaEvent.Partition {
    fileprivate func batchRecords() -> [RecordBatch.Record] {
        var sorted = records
        if zip(records, records.dropFirst()).contains(where: { $0.offset >= $1.offset }) {
            var seen: Set<Int64> = []
            sorted = records.sorted { $0.offset < $1.offset }.filter { seen.insert($0.offset).inserted }
        }
        return sorted.map { record in
            RecordBatch.Record(
                offset: record.offset,
                nextOffset: record.offset + 1,
                timestampMilliseconds: record.timestamp,
                value: record.value,
                key: record.key,
                headers: record.headers.map { RecordBatch.Header(name: $0.name, value: $0.value) },
                defect: record.defect
            )
        }
    }
}
