import DetectionPipeline

/// What a run gives that nothing disturbs: each partition in one piece.
struct ExpectedResults {
    private(set) var records: [RecordIdentity: ScoredRecord] = [:]
    private(set) var letters: Set<RecordIdentity> = []
    /// Whether the scores must be these too: where the format is found, the records that happen to come
    /// together first decide on the features. Whatever they are, they hold from then on.
    let isExact: Bool
    private let broker: SimulatedBroker

    /// - Parameter isScoredOutside: whether a model outside scores.
    init(_ broker: SimulatedBroker, _ settings: PipelineSettings, isScoredOutside: Bool) throws {
        isExact = settings.features != nil
        self.broker = broker
        for partition in broker.partitions.indices {
            let source = WholePartition(broker, partition)
            let sink = KeepingSink()
            try Pipeline(
                source: source,
                scorer: isScoredOutside ? SimulatedScorer(nil) : nil,
                sinks: [sink],
                deadLetters: sink,
                settings: settings
            ).run()
            for record in sink.records { records[record.identity] = record }
            letters.formUnion(sink.letters.map(\.identity))
        }
    }

    func identity(_ partition: Int, _ offset: Int64) -> RecordIdentity {
        RecordIdentity(
            stream: broker.stream(partition),
            offset: offset,
            timestampMilliseconds: broker.partitions[partition][Int(offset)].timestampMilliseconds
        )
    }
}

private final class WholePartition: RecordSource {
    private var batch: RecordBatch?

    init(_ broker: SimulatedBroker, _ partition: Int) {
        var batch = RecordBatch(stream: broker.stream(partition))
        for (offset, record) in broker.partitions[partition].enumerated() {
            let start = batch.bytes.count
            batch.bytes += record.value ?? []
            batch.records.append(
                .init(
                    offset: Int64(offset),
                    nextOffset: Int64(offset) + 1,
                    timestampMilliseconds: record.timestampMilliseconds,
                    value: record.value == nil ? nil : start..<batch.bytes.count
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

private final class KeepingSink: ScoredRecordSink, DeadLetterSink {
    private(set) var records: [ScoredRecord] = []
    private(set) var letters: [DeadLetter] = []

    func store(_ more: [ScoredRecord]) throws { records += more }
    func store(_ more: [DeadLetter]) throws { letters += more }
}
