import DetectionPipeline
import Retries
import Testing

/// What partitions need to begin, while it cannot be had.
@Suite struct BeginningTests {
    let lines = Lines(lines: (0..<100).map { "{\"duration_ms\":\($0 % 7)}" })
    let clock = SleepingClock()
    let sink = KeepingSink()

    private var assigned: SourceEvent { .assigned(StreamAssignment(streams: [lines.stream])) }

    private func pipeline(
        _ source: ScriptedSource,
        sink: (any ScoredRecordSink)? = nil,
        storage: MemoryStorage = MemoryStorage(),
        onProgress: @escaping (PipelineProgress) -> Void = { _ in }
    ) -> Pipeline {
        var settings = PipelineSettings()
        settings.reportsAll = true
        settings.retries = RetryPolicy()
        return Pipeline(
            source: source,
            sinks: [sink ?? self.sink],
            deadLetters: nil,
            settings: settings,
            checkpoints: CheckpointStore(storage, group: "g"),
            clock: clock,
            jitter: { 0.5 },
            onProgress: onProgress
        )
    }

    private func hours(_ count: Int) -> PipelineInstant {
        PipelineInstant(sinceStart: .seconds(3_600 * count))
    }

    @Test("an outage of hours is waited out, with the reason and since when; then all is scored")
    func patience() throws {
        let source = ScriptedSource([assigned, lines.batch(0..<100)])
        source.starts = [lines.stream: 0]
        let storage = MemoryStorage()
        let clock = clock
        let back = hours(2)
        storage.onRead = { if clock.now < back { throw Outage() } }
        source.onBegin = { if clock.now < back + .seconds(3_600) { throw Outage() } }
        var stalls: [PipelineStall?] = []
        let result = try pipeline(source, storage: storage) { stalls.append($0.stall) }.run()
        #expect(clock.now >= hours(3))
        #expect(result.counts.read == 100 && result.stall == nil)
        #expect(source.committed(lines.stream) == 100)
        // One outage after the other, each told often enough that nobody takes the run for dead.
        #expect(Set(stalls.compactMap { $0 }).count == 2)
        #expect(stalls.compactMap { $0?.reason }.allSatisfy { $0 == "away" })
        #expect(stalls.count > 3 * 3_600)
        // So that a group does not take it for stuck either.
        #expect(source.signsOfLife > 3 * 3_600)
    }

    @Test("a stop ends the wait; of what has not begun nothing is read, saved or committed")
    func stop() throws {
        let source = ScriptedSource([assigned, lines.batch(0..<100)])
        source.starts = [lines.stream: 0]
        var steps: [Int] = []
        source.onNext = { steps.append($0) }
        source.onBegin = { throw Outage() }
        let storage = MemoryStorage()
        let (clock, end) = (clock, hours(1))
        let result = try pipeline(source, storage: storage).run { clock.now >= end }
        #expect(clock.now - end < .seconds(1))
        #expect(steps == [0])
        #expect(result.counts.read == 0 && result.stall == nil)
        #expect(source.commits.isEmpty && storage.entries.isEmpty && sink.records.isEmpty)
    }

    @Test("a stop while a sink is down too waits for the sink, and still reads nothing of what has not begun")
    func stopWithPending() throws {
        var other = lines
        other.stream.partition = 1
        let source = ScriptedSource([
            assigned, lines.batch(0..<100),
            .assigned(StreamAssignment(streams: [other.stream])), other.batch(0..<100),
        ])
        source.isPolled = true
        source.starts = [lines.stream: 0, other.stream: 0]
        var begun = 0
        source.onBegin = {
            begun += 1
            if begun > 1 { throw Outage() }
        }
        let (clock, end) = (clock, hours(1))
        // The sink works again only after the stop.
        let sink = GatedSink(self.sink) { clock.now > end + .seconds(5) }
        let result = try pipeline(source, sink: sink).run { clock.now >= end }
        #expect(result.counts.read == 100 && result.stall == nil)
        #expect(source.committed(lines.stream) == 100 && source.committed(other.stream) == nil)
        #expect(self.sink.records.allSatisfy { $0.identity.stream == lines.stream })
    }

    @Test("what cannot pass ends the run at once")
    func permanent() {
        let source = ScriptedSource([assigned])
        source.onBegin = { throw KeepingSink.Failure() }
        #expect(throws: KeepingSink.Failure.self) { try pipeline(source).run() }
        #expect(clock.now == hours(0))
    }

    @Test("a forwarder waits as long, and ends as soon", arguments: [true, false])
    func forwarder(isStopped: Bool) throws {
        let source = ScriptedSource([assigned, lines.batch(0..<100)])
        let (clock, end) = (clock, hours(1))
        source.onBegin = { if isStopped || clock.now < end { throw Outage() } }
        let target = KeepingTarget()
        var stalls: Set<String> = []
        let forwarder = Forwarder(
            source: source,
            target: target,
            undeliverable: SharedDeadLetters(nil, targetName: target.name),
            clock: clock,
            onProgress: { if let stall = $0.stall { stalls.insert(stall.reason) } }
        )
        let result = try forwarder.run { isStopped && clock.now >= end }
        #expect(stalls == ["away"] && result.stall == nil)
        #expect(result.forwarded == (isStopped ? 0 : 100))
        #expect(source.committed(lines.stream) == (isStopped ? nil : 100))
    }
}

/// A sink that is down until it is let through.
private final class GatedSink: ScoredRecordSink {
    private let sink: any ScoredRecordSink
    private let isOpen: () -> Bool

    init(_ sink: any ScoredRecordSink, isOpen: @escaping () -> Bool) {
        self.sink = sink
        self.isOpen = isOpen
    }

    func store(_ records: [ScoredRecord]) throws {
        guard isOpen() else { throw Outage() }
        try sink.store(records)
    }
}
