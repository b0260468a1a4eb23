import DetectionPipeline
import SeededNumbers

/// A source that gives what it was told, and notes what was committed.
final class ScriptedSource: RecordSource {
    var events: [SourceEvent]
    private(set) var commits: [[RecordStream: Int64]] = []
    /// Called before each event, with its number.
    var onNext: (Int) -> Void = { _ in }
    var onCommit: ([RecordStream: Int64]) -> Void = { _ in }
    var onPause: () -> Void = {}
    private(set) var pauseCount = 0
    private(set) var resumeCount = 0
    /// Where streams begin that are assigned.
    var starts: [RecordStream: Int64] = [:]
    var onBegin: () throws -> Void = {}
    /// Whether it is asked for events while it is paused.
    var isPolled = false
    private var position = 0

    init(_ events: [SourceEvent]) { self.events = events }

    func next() throws -> SourceEvent {
        onNext(position)
        defer { position += 1 }
        return position < events.count ? events[position] : .end
    }

    func commit(_ offsets: [RecordStream: Int64]) throws -> Bool {
        onCommit(offsets)
        commits.append(offsets)
        return true
    }

    func begin(at offsets: [RecordStream: Int64]) throws -> [RecordStream: Int64] {
        try onBegin()
        return starts
    }

    var needsPolling: Bool { isPolled }

    private(set) var signsOfLife = 0

    func keepAlive() { signsOfLife += 1 }

    func pause() throws {
        pauseCount += 1
        onPause()
    }

    func resume() throws { resumeCount += 1 }

    func committed(_ stream: RecordStream) -> Int64? { commits.compactMap { $0[stream] }.last }
}

/// A sink that keeps all, or fails at one record.
final class KeepingSink: ScoredRecordSink, DeadLetterSink {
    struct Failure: Error {}

    private(set) var records: [ScoredRecord] = []
    private(set) var letters: [DeadLetter] = []
    var failsAt: Int64?

    func store(_ more: [ScoredRecord]) throws {
        if more.contains(where: { $0.identity.offset == failsAt }) { throw Failure() }
        records += more
    }

    func store(_ more: [DeadLetter]) throws {
        if more.contains(where: { $0.identity.offset == failsAt }) { throw Failure() }
        letters += more
    }
}

/// Time that passes only while somebody sleeps.
final class SleepingClock: PipelineClock {
    private(set) var now = PipelineInstant(sinceStart: .zero)
    var wallMilliseconds: Int64 { 1_700_000_000_000 + Int64(now.sinceStart / .milliseconds(1)) }

    func sleep(until instant: PipelineInstant) { now = max(now, instant) }
}

/// A failure that may pass.
struct Outage: ClassifiedError, CustomStringConvertible {
    var description: String { "away" }
    var failureKind: FailureKind { .transient }
}

/// Lines of a stream, cut into batches.
struct Lines {
    var stream = RecordStream(origin: "kafka:c/t", name: "t")
    var lines: [String?]

    func batch(_ range: Range<Int>) -> SourceEvent {
        var batch = RecordBatch(stream: stream)
        for offset in range {
            let start = batch.bytes.count
            batch.bytes += (lines[offset] ?? "").utf8
            batch.records.append(
                .init(
                    offset: Int64(offset),
                    nextOffset: Int64(offset) + 1,
                    timestampMilliseconds: 1_000 + Int64(offset),
                    value: lines[offset] == nil ? nil : start..<batch.bytes.count
                )
            )
        }
        return .batches([batch])
    }

    /// All lines in batches of random sizes, or of `size`.
    func cut(_ random: inout SeededGenerator, size: ClosedRange<Int>) -> [SourceEvent] {
        var events: [SourceEvent] = []
        var start = 0
        while start < lines.count {
            let end = min(lines.count, start + Int.random(in: size, using: &random))
            events.append(batch(start..<end))
            start = end
        }
        return events
    }
}
