import AnomalyDetection
import DetectionPipeline
import LogRecords
import Retries
import SeededNumbers
import Telemetry
import Testing

@Suite("A model outside that scores")
struct ScorerTests {
    let sink = KeepingSink()

    /// Records of two services; a slow one now and then.
    static let lines: Lines = {
        var random = SeededGenerator(seed: 7)
        return Lines(
            lines: (0..<300).map { index in
                let slow = index > 0 && index % 61 == 0
                let duration = slow ? 500 + index : Int.random(in: 10..<50, using: &random)
                return "{\"service\":\"s\(index % 2)\",\"ms\":\(duration),\"bytes\":\(1_000 + index)}"
            }
        )
    }()

    static func settings() -> PipelineSettings {
        var settings = PipelineSettings()
        settings.reportsAll = true
        settings.format = .log(.json)
        settings.features = ["ms", "bytes"].map {
            Feature(name: $0, source: .field($0), transform: .identity, isNormalized: false)
        }
        settings.entityField = "service"
        settings.retries = RetryPolicy(maximumAttempts: nil, deadline: nil)
        settings.retries.initialDelay = .milliseconds(1)
        return settings
    }

    func pipeline(
        _ source: ScriptedSource,
        _ scorer: FakeScorer,
        settings: PipelineSettings = Self.settings(),
        checkpoints: CheckpointStore? = nil,
        logger: Logger = .silent
    ) -> Pipeline {
        Pipeline(
            source: source,
            scorer: scorer,
            sinks: [sink],
            deadLetters: sink,
            settings: settings,
            checkpoints: checkpoints,
            logger: logger
        )
    }

    @Test("gets the configured fields raw and in order, and its scores become verdicts by the threshold")
    func raw() throws {
        let scorer = FakeScorer(rowLimit: 7)
        let source = ScriptedSource([Self.lines.batch(0..<300)])
        var settings = Self.settings()
        settings.detector.threshold = .fixed(3)
        let result = try pipeline(source, scorer, settings: settings).run()
        #expect(result.counts.scored == 300 && result.counts.learnt == 0)
        #expect(result.counts.anomalous == 4)
        #expect(scorer.seen.answered.allSatisfy { $0.count <= 7 })
        #expect(scorer.rows.map { $0[1] } == (0..<300).map { 1_000 + Double($0) })
        #expect(sink.records.map(\.identity.offset) == Array(0..<300))
        for (record, row) in zip(sink.records, scorer.rows) {
            #expect(record.verdict.score == FakeScorer.score(row))
            #expect(record.verdict.threshold == 3)
            #expect(record.verdict.entity == "s\(record.identity.offset % 2)")
        }
        let slow = try #require(sink.records.first { $0.verdict.isAnomalous })
        #expect(slow.verdict.drivers.first?.feature == "ms")
        #expect(slow.verdict.drivers.first?.observed == 561)
        #expect((10..<50).contains(slow.verdict.drivers.first?.expected ?? 0))
        #expect(source.committed(Self.lines.stream) == 300)
    }

    @Test("the cut into batches and calls, and how many run at once, change nothing", arguments: [1, 2, 3])
    func cuts(_ seed: UInt64) throws {
        try pipeline(ScriptedSource([Self.lines.batch(0..<300)]), FakeScorer()).run()
        let expected = sink.records
        #expect(expected.count == 300)
        var random = SeededGenerator(seed: seed)
        let other = KeepingSink()
        let scorer = FakeScorer(rowLimit: Int.random(in: 1...20, using: &random), concurrency: 4)
        try Pipeline(
            source: ScriptedSource(Self.lines.cut(&random, size: 1...90)),
            scorer: scorer,
            sinks: [other],
            deadLetters: nil,
            settings: Self.settings()
        ).run()
        #expect(other.records == expected)
    }

    @Test("is never called more often at once than it allows, and as often where there is enough to do")
    func concurrency() throws {
        let all = Rendezvous(of: 3)
        let scorer = FakeScorer(rowLimit: 10, concurrency: 3) { all.wait() }
        try pipeline(ScriptedSource([Self.lines.batch(0..<300)]), scorer).run()
        #expect(scorer.seen.peak == 3)
        #expect(Set(scorer.rows.map { $0[1] }).count == 300)
    }

    @Test("that is down pauses the source; what it has answered is not asked again")
    func outage() throws {
        let log = MemorySink()
        let source = ScriptedSource([Self.lines.batch(0..<100), Self.lines.batch(100..<200)])
        let flaky = FakeScorer(rowLimit: 20, failures: [.transient, .transient])
        let pipeline = pipeline(source, flaky, logger: Logger(sink: log))
        let result = try pipeline.run()
        #expect(result.counts.scored == 200 && result.retries == 2 && result.stall == nil)
        #expect(source.pauseCount == 1 && source.resumeCount == 1)
        #expect(source.commits.map { $0[Self.lines.stream] } == [100, 200])
        #expect(flaky.rows.map { $0[1] } == (0..<200).map { 1_000 + Double($0) })
        #expect(log.lines.contains { $0.contains("sink_failed") && $0.contains("transient") })
        #expect(log.lines.contains { $0.contains("sink_recovered") })
    }

    @Test("that fails in the middle is asked for the rest only")
    func middle() throws {
        let calls = Locked(0)
        let broken = BreakingScorer(calls: calls, breaksAt: 3)
        try Pipeline(
            source: ScriptedSource([Self.lines.batch(0..<100)]),
            scorer: broken,
            sinks: [sink],
            deadLetters: nil,
            settings: Self.settings()
        ).run()
        #expect(sink.records.count == 100)
        // Ten calls of ten rows, and the one that failed.
        #expect(calls.withLock { $0 } == 11)
    }

    @Test("refuses a row: its record goes to the dead letters whole, the rest goes on")
    func poison() throws {
        // Offsets 61 and 122.
        let scorer = FakeScorer(poison: [561, 622])
        let source = ScriptedSource([Self.lines.batch(0..<300)])
        let result = try pipeline(source, scorer).run()
        #expect(result.counts.failed == 2 && result.counts.scored == 298 && result.deadLetters == 2)
        #expect(sink.letters.map(\.identity.offset) == [61, 122])
        #expect(sink.letters.allSatisfy { $0.reason == "fake: poison" })
        #expect(sink.letters.first?.value == Self.lines.lines[61].map { Array($0.utf8) })
        #expect(source.committed(Self.lines.stream) == 300)
    }

    @Test("that cannot work ends the run, with nothing committed past what is scored")
    func permanent() throws {
        let source = ScriptedSource([Self.lines.batch(0..<50), Self.lines.batch(50..<100)])
        source.onNext = { if $0 > 1 { Issue.record("the run goes on") } }
        let broken = BreakingScorer(calls: Locked(0), breaksAt: 7, kind: .permanent)
        #expect(throws: FakeScorer.Failure.self) {
            try Pipeline(
                source: source,
                scorer: broken,
                sinks: [sink],
                deadLetters: nil,
                settings: Self.settings()
            ).run()
        }
        #expect(source.committed(Self.lines.stream) == 50)
        #expect(sink.records.count == 50)
    }

    @Test("a missing value has its place taken by the expected one, and is no driver")
    func missing() throws {
        var lines = Self.lines
        lines.lines[200] = "{\"service\":\"s0\",\"bytes\":70000}"
        let scorer = FakeScorer(rowLimit: 1_000)
        var settings = Self.settings()
        settings.detector.threshold = .fixed(0)
        try pipeline(ScriptedSource([lines.batch(0..<300)]), scorer, settings: settings).run()
        #expect((10..<60).contains(scorer.rows[200][0]) && scorer.rows[200][1] == 70_000)
        #expect(sink.records[200].verdict.drivers.map(\.feature) == ["bytes"])
    }

    @Test("a run goes on with the thresholds of a checkpoint; of another model it begins anew")
    func checkpoint() throws {
        try pipeline(ScriptedSource([Self.lines.batch(0..<300)]), FakeScorer()).run()
        let whole = sink.records
        let storage = MemoryStorage()
        let assignment = SourceEvent.assigned(StreamAssignment(streams: [Self.lines.stream]))
        func run(_ batches: [SourceEvent], scorer: FakeScorer) throws -> [ScoredRecord] {
            let other = KeepingSink()
            try Pipeline(
                source: ScriptedSource([assignment] + batches),
                scorer: scorer,
                sinks: [other],
                deadLetters: nil,
                settings: Self.settings(),
                checkpoints: CheckpointStore(storage, group: "g")
            ).run()
            return other.records
        }
        let first = try run([Self.lines.batch(0..<130)], scorer: FakeScorer())
        let byteCount = storage.entries.values.reduce(0) { $0 + $1.count }
        #expect(byteCount < 20_000)
        let second = try run([Self.lines.batch(130..<300)], scorer: FakeScorer())
        #expect(first + second == whole)
        let other = try run([Self.lines.batch(250..<300)], scorer: FakeScorer(name: "another"))
        #expect(other.first?.verdict.threshold == 1.5)
    }
}

/// Fails once, in one call.
private final class BreakingScorer: RowScorer {
    let name = "breaking"
    let concurrency = 1
    private let calls: Locked<Int>
    private let breaksAt: Int
    private let kind: FailureKind

    init(calls: Locked<Int>, breaksAt: Int, kind: FailureKind = .transient) {
        self.calls = calls
        self.breaksAt = breaksAt
        self.kind = kind
    }

    func callSize(_ rows: ArraySlice<[Double]>) -> Int { min(10, rows.count) }

    func score(_ rows: ArraySlice<[Double]>) throws -> [Double] {
        let number = calls.withLock { calls in
            calls += 1
            return calls
        }
        if number == breaksAt { throw FakeScorer.Failure(failureKind: kind) }
        return rows.map(FakeScorer.score)
    }
}

/// Lets calls go on once so many of them have come.
private final class Rendezvous: Sendable {
    private let count: Int
    private let arrived = Locked(0)

    init(of count: Int) {
        self.count = count
    }

    /// Waits for the others, but not for ever: who waits in vain shows in the peak.
    func wait() {
        arrived.withLock { $0 += 1 }
        let end = ContinuousClock.now + .seconds(20)
        while arrived.withLock({ $0 }) < count, ContinuousClock.now < end {}
    }
}
