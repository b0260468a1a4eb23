import AnomalyDetection
import DetectionPipeline
import Testing

@Suite(.enabled(if: RealLog.isPresent, "the logs of ../shared/data/logs are not there"))
struct RealLogTests {
    @Test("every line parses or is counted, and at most 1 in 20 is anomalous", arguments: RealLog.all)
    func rates(_ log: RealLog) throws {
        let lines = try log.lines()
        let (counts, _) = try score(lines)
        #expect(counts.read == lines.count)
        #expect(counts.read == counts.skipped + counts.failed + counts.learnt + counts.scored)
        #expect(counts.failed <= lines.count / 1_000, "\(counts.failed) of \(lines.count) do not parse")
        #expect(counts.anomalous * 20 <= counts.scored, "\(counts.anomalous) of \(counts.scored)")
        #expect(counts.anomalous > 0)
    }

    @Test(
        "of ten odd lines at least nine are among the top twenty",
        arguments: RealLog.all,
        [1, 2, 3, 4, 5] as [UInt64]
    )
    func planted(_ log: RealLog, _ seed: UInt64) throws {
        let planted = PlantedLog(try log.lines(), seed: seed, kinds: log.kinds, plant: log.plant)
        let (_, records) = try score(planted.lines)
        let top = records.filter { !$0.verdict.isEarly }
            .sorted { $0.verdict.score > $1.verdict.score }
            .prefix(20).map { Int($0.identity.offset) }
        let missed = planted.planted.filter { !top.contains($0.key) }
        #expect(missed.count <= 1, "missed \(missed.sorted { $0.key < $1.key })")
    }

    /// Scores lines whose offsets are their numbers.
    private func score(_ lines: [String]) throws -> (RecordCounts, [ScoredRecord]) {
        var settings = PipelineSettings()
        settings.reportsAll = true
        settings.referenceYear = 2015
        let sink = RecordCollector()
        let pipeline = Pipeline(
            source: LineSource(lines),
            sinks: [sink],
            deadLetters: nil,
            settings: settings
        )
        return (try pipeline.run().counts, sink.records)
    }
}

private final class RecordCollector: ScoredRecordSink {
    private(set) var records: [ScoredRecord] = []

    func store(_ more: [ScoredRecord]) { records += more }
}

/// Lines in memory, a thousand in a batch.
private final class LineSource: RecordSource {
    private let lines: [String]
    private var position = 0

    init(_ lines: [String]) {
        self.lines = lines
    }

    func next() -> SourceEvent {
        guard position < lines.count else { return .end }
        var batch = RecordBatch(stream: RecordStream(origin: "test", name: "test"))
        for number in position..<min(position + 1_000, lines.count) {
            let start = batch.bytes.count
            batch.bytes += lines[number].utf8
            batch.records.append(
                RecordBatch.Record(
                    offset: Int64(number),
                    nextOffset: Int64(number) + 1,
                    value: start..<batch.bytes.count
                )
            )
        }
        position += batch.records.count
        return .batches([batch])
    }

    func commit(_ offsets: [RecordStream: Int64]) -> Bool { true }
}
