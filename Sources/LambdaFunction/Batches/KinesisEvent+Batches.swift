import DetectionPipeline
import LambdaRuntime

extension KinesisEvent {
    /// A batch for each shard, its records by sequence number, each once. What a subscription filter of CloudWatch Logs
    /// wrote is taken apart into its log events.
    func batches() -> [FunctionBatch] {
        shards.filter { !$0.records.isEmpty }.map { shard in
            let name = String(shard.streamARN.split(separator: "/").last ?? "kinesis")
            let stream = RecordStream(origin: "kinesis:\(shard.streamARN)/\(shard.id)", name: name)
            var lines = LineBatch()
            var starts: [Int] = []
            var identifiers: [String] = []
            let records = shard.orderedRecords()
            for (_, record) in records {
                starts.append(lines.count)
                shard.append(record, of: stream, to: &lines)
                identifiers += Array(repeating: record.sequenceNumber, count: lines.count - identifiers.count)
            }
            var batch = lines.batch(
                of: stream,
                order: .stream(key: "kinesis/\(name)/\(shard.id)", .sequences(records.map(\.number))),
                items: .identifiers(identifiers)
            )
            batch.itemStarts = starts
            return batch
        }
    }
}

extension KinesisEvent.Shard {
    fileprivate func orderedRecords() -> [(number: SequenceNumber, record: KinesisEvent.Record)] {
        let numbered = records.map { (number: SequenceNumber($0.sequenceNumber), record: $0) }
        guard zip(numbered, numbered.dropFirst()).contains(where: { $0.number >= $1.number }) else {
            return numbered
        }
        var seen: Set<SequenceNumber> = []
        return numbered.sorted { $0.number < $1.number }.filter { seen.insert($0.number).inserted }
    }

    /// At least one line, so that each record has its place among them.
    fileprivate func append(_ record: KinesisEvent.Record, of stream: RecordStream, to lines: inout LineBatch)
    {
        let data = bytes[record.data]
        if record.defect == nil, let logs = CloudWatchLogsEvent(compressed: Array(data)), !logs.events.isEmpty
        {
            return logs.append(to: &lines)
        }
        let identity = RecordIdentity(
            origin: stream.origin,
            id: record.sequenceNumber,
            name: stream.name,
            timestamp: record.arrival
        )
        lines.append(data, identity, defect: record.defect)
    }
}
