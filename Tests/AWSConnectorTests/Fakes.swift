import DetectionPipeline

/// One batch, and the end.
final class OneBatch: RecordSource {
    private var batch: RecordBatch?

    init(_ lines: [String]) {
        var batch = RecordBatch(stream: RecordStream(origin: "kafka:c/t", name: "t"))
        for (offset, line) in lines.enumerated() {
            let start = batch.bytes.count
            batch.bytes += line.utf8
            batch.records.append(
                .init(
                    offset: Int64(offset),
                    nextOffset: Int64(offset) + 1,
                    timestampMilliseconds: 1_700_000_000_000 + Int64(offset),
                    value: start..<batch.bytes.count
                )
            )
        }
        self.batch = batch
    }

    func next() throws -> SourceEvent {
        defer { batch = nil }
        return batch.map { .batches([$0]) } ?? .end
    }

    func commit(_ offsets: [RecordStream: Int64]) throws -> Bool { true }
}

/// Keeps all.
final class KeepingSink: ScoredRecordSink, DeadLetterSink {
    private(set) var records: [ScoredRecord] = []
    private(set) var letters: [DeadLetter] = []

    func store(_ more: [ScoredRecord]) throws { records += more }
    func store(_ more: [DeadLetter]) throws { letters += more }
}
