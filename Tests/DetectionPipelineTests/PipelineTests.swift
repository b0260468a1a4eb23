import AnomalyDetection
import DetectionPipeline
import SeededNumbers
import Testing

@Suite struct PipelineTests {
    let lines: Lines
    let sink = KeepingSink()

    init() {
        var random = SeededGenerator(seed: 1)
        lines = Lines(
            lines: (0..<400).map { _ in "{\"duration_ms\":\(Int.random(in: 10..<50, using: &random))}" }
        )
    }

    func pipeline(
        _ source: ScriptedSource,
        releasesWhenIdle: Bool = false,
        history: ScriptedSource? = nil
    ) -> Pipeline {
        var settings = PipelineSettings()
        settings.reportsAll = true
        settings.releasesWhenIdle = releasesWhenIdle
        return Pipeline(
            source: source,
            sinks: [sink],
            deadLetters: sink,
            settings: settings,
            history: history.map { history in { history } }
        )
    }

    @Test("every record is scored or learnt once, and committed")
    func all() throws {
        let source = ScriptedSource([lines.batch(0..<100), lines.batch(100..<400)])
        let result = try pipeline(source).run()
        #expect(result.counts.read == 400)
        #expect(result.counts.learnt == 32)
        #expect(sink.records.map(\.identity.offset) == Array(32..<400))
        #expect(sink.records.map(\.identity.timestampMilliseconds) == (32..<400).map { 1_000 + $0 })
        #expect(source.commits.map { $0[lines.stream] } == [100, 400])
    }

    @Test("nothing is committed past a record that could not be stored")
    func failingSink() {
        let source = ScriptedSource([lines.batch(0..<100), lines.batch(100..<200), lines.batch(200..<300)])
        sink.failsAt = 150
        #expect(throws: KeepingSink.Failure.self) { try pipeline(source).run() }
        #expect(source.committed(lines.stream) == 100)
        #expect(sink.records.last?.identity.offset == 99)
    }

    @Test("nothing is committed past a dead letter that could not be stored")
    func failingDeadLetters() {
        var lines = lines
        lines.lines[150] = "{\"duration_ms\":"
        let source = ScriptedSource([lines.batch(0..<100), lines.batch(100..<200), lines.batch(200..<300)])
        sink.failsAt = 150
        let pipeline = pipeline(source)
        #expect(throws: KeepingSink.Failure.self) { try pipeline.run() }
        #expect(source.committed(lines.stream) == 100)
    }

    @Test("a poison record goes to the dead letters whole, with the reason; the rest goes on")
    func poison() throws {
        var lines = lines
        lines.lines[40] = "{\"duration_ms\":"
        lines.lines[50] = nil
        lines.lines[60] = "\u{1}binary"
        let source = ScriptedSource([lines.batch(0..<400)])
        let result = try pipeline(source).run()
        #expect(result.counts.read == 400)
        #expect(result.counts.failed == 2)
        #expect(result.counts.skipped == 1)
        #expect(result.counts.scored + result.counts.learnt == 397)
        #expect(sink.letters.map(\.identity.offset) == [40, 60])
        #expect(sink.letters[0].value == Array("{\"duration_ms\":".utf8))
        #expect(sink.letters.allSatisfy { !$0.reason.isEmpty })
        #expect(source.committed(lines.stream) == 400)
    }

    @Test("records held to find the format are not committed; the end releases them")
    func held() throws {
        let source = ScriptedSource([lines.batch(0..<10), .idle])
        source.onNext = { step in
            if step > 0 { #expect(source.commits.isEmpty) }
        }
        let result = try pipeline(source).run()
        #expect(result.counts.read == 10)
        #expect(source.committed(lines.stream) == 10)
    }

    @Test("an idle source releases them too where that is wanted")
    func idleRelease() throws {
        let source = ScriptedSource([lines.batch(0..<10), .idle, .idle])
        var committed: [Int?] = []
        source.onNext = { _ in committed.append(source.commits.last?[lines.stream].map { Int($0) }) }
        _ = try pipeline(source, releasesWhenIdle: true).run()
        #expect(committed == [nil, nil, 10, 10])
    }

    @Test("a revoked stream is forgotten with what was held of it; when it comes back it starts anew")
    func revoked() throws {
        let source = ScriptedSource([
            lines.batch(0..<10), .revoked([lines.stream]), lines.batch(0..<100), .revoked([lines.stream]),
            lines.batch(100..<200),
        ])
        let result = try pipeline(source).run()
        // The ten that were held were neither counted nor committed, and came again.
        #expect(result.counts.read == 200)
        #expect(result.counts.learnt == 64)
        #expect(sink.records.map(\.identity.offset) == Array(32..<100) + Array(132..<200))
        #expect(source.committed(lines.stream) == 200)
    }

    @Test("history is learnt by each stream, and neither stored nor committed")
    func history() throws {
        let past = ScriptedSource([lines.batch(0..<300)])
        let source = ScriptedSource([lines.batch(300..<400)])
        let result = try pipeline(source, history: past).run()
        #expect(result.counts.read == 100 && result.counts.scored == 100)
        #expect(sink.records.map(\.identity.offset) == Array(300..<400))
        #expect(sink.records.allSatisfy { !$0.verdict.isEarly })
        #expect(past.commits.isEmpty)
    }

    @Test("a stop between batches leaves what was finished committed, and no more")
    func stop() throws {
        let source = ScriptedSource([lines.batch(0..<100), lines.batch(100..<200)])
        var asked = 0
        let result = try pipeline(source).run {
            asked += 1
            return asked > 1
        }
        #expect(result.counts.read == 100)
        #expect(source.committed(lines.stream) == 100)
    }

    @Test("each partition has a model of its own")
    func partitions() throws {
        var other = lines
        other.stream = RecordStream(origin: "kafka:c/t", name: "t", partition: 1)
        let source = ScriptedSource([lines.batch(0..<100), other.batch(0..<100), lines.batch(100..<200)])
        let result = try pipeline(source).run()
        #expect(result.counts.learnt == 64)
        #expect(result.modelCount == 2)
        #expect(source.committed(lines.stream) == 200)
        #expect(source.committed(other.stream) == 100)
    }
}
