import DetectionPipeline
import Retries
import Telemetry
import Testing

/// A delivery that a sink holds up: how it ends, and how soon.
@Suite struct HeldUpDeliveryTests {
    let lines = Lines(lines: (0..<200).map { "{\"duration_ms\":\($0 % 7)}" })
    let clock = SleepingClock()
    let log = MemorySink()

    /// Takes nothing until a time.
    private final class AwaySink: ScoredRecordSink {
        let clock: SleepingClock
        var isBackAt: PipelineInstant
        private(set) var tookAt: [PipelineInstant] = []

        init(_ clock: SleepingClock, until isBackAt: PipelineInstant) {
            self.clock = clock
            self.isBackAt = isBackAt
        }

        func store(_ records: [ScoredRecord]) throws {
            guard clock.now >= isBackAt else { throw Outage() }
            tookAt.append(clock.now)
        }
    }

    private func pipeline(_ source: ScriptedSource, _ sink: AwaySink) -> Pipeline {
        var settings = PipelineSettings()
        settings.reportsAll = true
        settings.retries = .patient
        return Pipeline(
            source: source,
            sinks: [sink],
            deadLetters: nil,
            settings: settings,
            clock: clock,
            jitter: { 0.9 },
            logger: Logger(sink: log)
        )
    }

    @Test("what went away with its partition is no recovery of the sink, and the rest is read on at once")
    func dropped() throws {
        var other = lines
        other.stream.partition = 1
        let source = ScriptedSource([
            lines.batch(0..<100), .lost([lines.stream]), other.batch(0..<100), other.batch(100..<200),
        ])
        source.isPolled = true
        let sink = AwaySink(clock, until: PipelineInstant(sinceStart: .seconds(3_600)))
        source.onNext = { if $0 == 2 { sink.isBackAt = PipelineInstant(sinceStart: .zero) } }
        let result = try pipeline(source, sink).run()
        #expect(log.lines.filter { $0.contains("sink_failed") }.count == 1)
        #expect(!log.lines.contains { $0.contains("sink_recovered") })
        #expect(source.pauseCount == 1 && source.resumeCount == 1 && result.stall == nil)
        #expect(clock.now == PipelineInstant(sinceStart: .zero))
        #expect(source.committed(other.stream) == 200 && source.committed(lines.stream) == nil)
    }

    @Test("a delivery of which a part went away is still tried, and its end is a recovery")
    func partlyDropped() throws {
        var other = lines
        other.stream.partition = 1
        let source = ScriptedSource([
            .batches(lines.batch(0..<100).batches + other.batch(0..<100).batches), .lost([lines.stream]),
        ])
        source.isPolled = true
        let sink = AwaySink(clock, until: PipelineInstant(sinceStart: .seconds(60)))
        source.onNext = { [clock] number in
            // No end before the sink is back.
            if number >= 2 { clock.sleep(until: sink.isBackAt) }
        }
        try pipeline(source, sink).run()
        #expect(log.lines.filter { $0.contains("sink_recovered") }.count == 1)
        #expect(source.committed(other.stream) == 100 && source.committed(lines.stream) == nil)
    }

    @Test("a sink that is back is asked within five seconds, however long and however often it was away")
    func patience() throws {
        let source = ScriptedSource((0..<20).map { lines.batch($0 * 10..<($0 + 1) * 10) })
        let sink = AwaySink(clock, until: PipelineInstant(sinceStart: .zero))
        var returns: [PipelineInstant] = []
        source.onNext = { [clock] _ in
            sink.isBackAt = clock.now + .seconds(600)
            returns.append(sink.isBackAt)
        }
        try pipeline(source, sink).run()
        // The first records are held until there are enough.
        #expect(sink.tookAt.count >= 10)
        for took in sink.tookAt {
            let back = try #require(returns.last { $0 <= took })
            #expect(took - back <= .seconds(5))
        }
    }
}

extension SourceEvent {
    fileprivate var batches: [RecordBatch] {
        if case .batches(let batches) = self { batches } else { [] }
    }
}
