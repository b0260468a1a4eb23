import DetectionPipeline
import Foundation
import Retries
import Synchronization
import Testing

/// A target that keeps what it takes, and fails as the test says.
final class KeepingTarget: ForwardTarget {
    struct Failure: ClassifiedError {
        var failureKind: FailureKind
    }

    struct Call: Sendable, Equatable {
        var range: String
        var isTaken: Bool
    }

    private struct State {
        var taken: [RecordStream: [Int64]] = [:]
        var calls: [Call] = []
        var underWay = 0
        var peak = 0
        var busy: Set<RecordStream> = []
        var overlaps = 0
    }

    private let state = Mutex(State())
    let limits: BatchLimits
    let name = "keeping target"
    /// Called with each batch and the number of calls before; throws to refuse.
    private let check: @Sendable (RecordBatch, Int) throws -> Void

    init(
        limits: BatchLimits = BatchLimits(recordCount: 10),
        _ check: @escaping @Sendable (RecordBatch, Int) throws -> Void = { _, _ in }
    ) {
        self.limits = limits
        self.check = check
    }

    var taken: [RecordStream: [Int64]] { state.withLock { $0.taken } }
    var calls: [Call] { state.withLock { $0.calls } }
    var underWay: Int { state.withLock { $0.underWay } }
    var peak: Int { state.withLock { $0.peak } }
    /// Calls for a stream while another of it was under way.
    var overlaps: Int { state.withLock { $0.overlaps } }

    func send(_ batch: RecordBatch) throws {
        let number = state.withLock { state in
            state.underWay += 1
            state.peak = max(state.peak, state.underWay)
            if !state.busy.insert(batch.stream).inserted { state.overlaps += 1 }
            return state.calls.count
        }
        var error: (any Error)?
        do { try check(batch, number) } catch let failure { error = failure }
        state.withLock { state in
            state.underWay -= 1
            state.busy.remove(batch.stream)
            state.calls.append(Call(range: batch.identityRange, isTaken: error == nil))
            if error == nil { state.taken[batch.stream, default: []] += batch.records.map(\.offset) }
        }
        if let error { throw error }
    }
}

@Suite struct ForwarderTests {
    let streams = (0..<4).map { RecordStream(origin: "kafka:c/t", name: "t", partition: Int32($0)) }

    private func batch(_ stream: RecordStream, _ range: Range<Int>) -> RecordBatch {
        let lines = Lines(stream: stream, lines: (0..<range.upperBound).map { "record \($0)" })
        guard case .batches(let batches) = lines.batch(range) else { return RecordBatch(stream: stream) }
        return batches[0]
    }

    /// All streams together, `count` records each.
    private func events(_ count: Int, size: Int = 7) -> [SourceEvent] {
        stride(from: 0, to: count, by: size).map { start in
            .batches(streams.map { batch($0, start..<min(count, start + size)) })
        }
    }

    private func forwarder(
        _ source: any RecordSource,
        _ target: KeepingTarget,
        letters: KeepingSink? = nil,
        _ change: (inout ForwardSettings) -> Void = { _ in }
    ) -> Forwarder {
        var settings = ForwardSettings()
        settings.retries.initialDelay = .milliseconds(1)
        settings.retries.maximumDelay = .milliseconds(5)
        change(&settings)
        return Forwarder(
            source: source,
            target: target,
            undeliverable: SharedDeadLetters(letters, targetName: target.name),
            settings: settings
        )
    }

    @Test("every record arrives once and in its stream's order, and is committed", .timeLimit(.minutes(1)))
    func all() throws {
        let source = ScriptedSource(events(200))
        let target = KeepingTarget()
        let result = try forwarder(source, target).run()
        for stream in streams {
            #expect(target.taken[stream] == (0..<200).map { Int64($0) })
            #expect(source.committed(stream) == 200)
        }
        #expect(result.forwarded == 800 && result.deadLetters == 0 && result.duplicates == 0)
        #expect(target.overlaps == 0)
    }

    @Test(
        "what waits for its window goes when the source has ended, and when there is no room for more",
        .timeLimit(.minutes(1)),
        arguments: [32 << 20, 200]
    )
    func window(queueLimit: Int) throws {
        let source = ScriptedSource(events(60))
        let target = KeepingTarget(limits: BatchLimits(recordCount: 1_000, window: .seconds(3_600)))
        try forwarder(source, target) { $0.queueLimit = queueLimit }.run()
        for stream in streams {
            #expect(target.taken[stream] == (0..<60).map { Int64($0) })
            #expect(source.committed(stream) == 60)
        }
        #expect((target.calls.count == streams.count) == (queueLimit > 200))
    }

    @Test("nothing is committed that the target has not acknowledged", .timeLimit(.minutes(1)))
    func commits() throws {
        let target = KeepingTarget()
        let source = ScriptedSource(events(150))
        source.onCommit = { offsets in
            for (stream, offset) in offsets {
                #expect(target.taken[stream]?.last ?? -1 >= offset - 1)
            }
        }
        try forwarder(source, target).run()
        #expect(!source.commits.isEmpty)
    }

    @Test("a target that fails now and then gets the same calls again; all arrives", .timeLimit(.minutes(1)))
    func flaky() throws {
        let target = KeepingTarget { _, number in
            if number % 3 != 2 { throw KeepingTarget.Failure(failureKind: .transient) }
        }
        let source = ScriptedSource(events(60))
        let result = try forwarder(source, target).run()
        for stream in streams {
            #expect(target.taken[stream] == (0..<60).map { Int64($0) })
            #expect(source.committed(stream) == 60)
        }
        #expect(result.retries > 0)
        // What failed was made again as it was.
        let failed = target.calls.filter { !$0.isTaken }.map(\.range)
        #expect(Set(failed).isSubset(of: Set(target.calls.filter(\.isTaken).map(\.range))))
    }

    @Test(
        "as many calls at once as the limit allows, and no more",
        .timeLimit(.minutes(1)),
        arguments: [1, 3]
    )
    func limit(_ limit: Int) throws {
        let target = KeepingTarget { _, _ in usleep(5_000) }
        let result = try forwarder(ScriptedSource(events(60)), target) { $0.concurrency = limit }.run()
        #expect(target.peak == limit && result.peakCalls == limit)
        #expect(result.forwarded == 240)
    }

    @Test(
        "records that the target refuses go to the dead letters, whole, with the reason",
        .timeLimit(.minutes(1))
    )
    func poison() throws {
        let poison: Set<Int64> = [0, 17, 18, 59]
        let target = KeepingTarget { batch, _ in
            if batch.records.contains(where: { poison.contains($0.offset) }) {
                throw KeepingTarget.Failure(failureKind: .poison)
            }
        }
        let letters = KeepingSink()
        let source = ScriptedSource(events(60))
        let result = try forwarder(source, target, letters: letters).run()
        for stream in streams {
            #expect(target.taken[stream] == (0..<60).filter { !poison.contains($0) }.map { Int64($0) })
            #expect(source.committed(stream) == 60)
            let own = letters.letters.filter { $0.identity.stream == stream }
            #expect(own.map(\.identity.offset) == [0, 17, 18, 59])
        }
        #expect(letters.letters.first { $0.identity.offset == 17 }?.value == Array("record 17".utf8))
        #expect(letters.letters.allSatisfy { $0.reason.contains("keeping target") && $0.attempt == 1 })
        #expect(result.deadLetters == 16 && result.forwarded == 224)
    }

    @Test(
        "a dead letter that cannot be stored ends the run, and nothing past it is committed",
        .timeLimit(.minutes(1))
    )
    func failingLetters() throws {
        let target = KeepingTarget { batch, _ in
            if batch.records.contains(where: { $0.offset == 17 }) {
                throw KeepingTarget.Failure(failureKind: .poison)
            }
        }
        let letters = KeepingSink()
        letters.failsAt = 17
        let source = ScriptedSource([.batches([batch(streams[0], 0..<40)])])
        #expect(throws: KeepingSink.Failure.self) { try forwarder(source, target, letters: letters).run() }
        #expect(source.committed(streams[0]) ?? 0 <= 17)
    }

    @Test("a permanent failure ends the run", .timeLimit(.minutes(1)))
    func permanent() {
        let target = KeepingTarget { _, _ in throw KeepingTarget.Failure(failureKind: .permanent) }
        let source = ScriptedSource(events(10))
        #expect(throws: KeepingTarget.Failure.self) { try forwarder(source, target).run() }
        #expect(source.commits.isEmpty)
    }

    @Test("while the target is down reading pauses, and goes on when it is back", .timeLimit(.minutes(1)))
    func pause() throws {
        let isDown = Atomic(true)
        let target = KeepingTarget { _, _ in
            if isDown.load(ordering: .acquiring) { throw KeepingTarget.Failure(failureKind: .transient) }
        }
        let source = ScriptedSource(events(2_000))
        source.onPause = { isDown.store(false, ordering: .releasing) }
        let result = try forwarder(source, target) { $0.queueLimit = 2_000 }.run()
        #expect(source.pauseCount > 0 && source.resumeCount == source.pauseCount)
        #expect(result.forwarded == 8_000)
        for stream in streams { #expect(target.taken[stream] == (0..<2_000).map { Int64($0) }) }
    }

    @Test(
        "a stop waits for the calls under way and commits them; what waits is left",
        .timeLimit(.minutes(1))
    )
    func stop() throws {
        let target = KeepingTarget { _, _ in usleep(50_000) }
        let source = ScriptedSource(events(1_000))
        let result = try forwarder(source, target).run { !target.calls.isEmpty }
        #expect(result.forwarded < 1_000 && result.callsUnderWay == 0)
        for stream in streams {
            #expect(source.committed(stream) == target.taken[stream].map { Int64($0.count) })
        }
    }

    @Test(
        "a stop with a call of every stream under way and more waiting loses none and doubles none",
        .timeLimit(.minutes(1))
    )
    func stopUnderWay() throws {
        let isStopping = Atomic(false)
        let target = KeepingTarget { _, number in
            guard number < 4 else { return }
            while !isStopping.load(ordering: .acquiring) { usleep(1_000) }
            // Longer than a turn: whoever does not wait for it has ended by then.
            usleep(50_000)
        }
        let source = ScriptedSource(events(200))
        let first = try forwarder(source, target).run {
            if target.underWay == 4 { isStopping.store(true, ordering: .releasing) }
            return isStopping.load(ordering: .acquiring)
        }
        #expect(first.forwarded == 28 && first.queuedBytes > 0)
        for stream in streams { #expect(source.committed(stream) == 7) }
        // The next run begins where this one has committed.
        let rest = ScriptedSource([.assigned(StreamAssignment(streams: streams))] + events(200))
        for stream in streams { rest.starts[stream] = source.committed(stream) }
        let second = try forwarder(rest, target).run()
        #expect(second.forwarded == 772)
        for stream in streams { #expect(target.taken[stream] == (0..<200).map { Int64($0) }) }
    }

    @Test("a stop while the target is down ends at once", .timeLimit(.minutes(1)))
    func stopWhileDown() throws {
        let target = KeepingTarget { _, _ in throw KeepingTarget.Failure(failureKind: .transient) }
        let source = ScriptedSource(events(50))
        let result = try forwarder(source, target).run { target.calls.count > 10 }
        #expect(result.forwarded == 0 && source.commits.isEmpty && result.stall != nil)
    }

    @Test(
        "a stream that is revoked is committed as far as it got; the calls of one lost count for nothing",
        .timeLimit(.minutes(1))
    )
    func rebalance() throws {
        let target = KeepingTarget { _, _ in usleep(20_000) }
        let assignment = StreamAssignment(streams: streams)
        var events: [SourceEvent] = [.assigned(assignment)] + events(20, size: 20)
        events += [.idle, .revoked([streams[0]]), .lost([streams[1]])]
        let source = ScriptedSource(events)
        source.starts = Dictionary(uniqueKeysWithValues: streams.map { ($0, 0) })
        var atRevocation: [Int64?] = []
        source.onNext = { [streams] step in
            guard step == 4 else { return }
            atRevocation = [source.committed(streams[0]), target.taken[streams[0]]?.last.map { $0 + 1 }]
        }
        try forwarder(source, target).run()
        // The call under way was waited for.
        #expect(atRevocation[0] != nil && atRevocation[0] == atRevocation[1])
        #expect(source.committed(streams[0]) == atRevocation[0])
        #expect(target.taken[streams[0]]?.last.map { $0 + 1 } == atRevocation[0])
        for stream in streams[2...] { #expect(source.committed(stream) == 20) }
    }

    @Test("records that come again are left out", .timeLimit(.minutes(1)))
    func duplicates() throws {
        let target = KeepingTarget()
        let source = ScriptedSource([
            .batches([batch(streams[0], 0..<30)]), .batches([batch(streams[0], 10..<40)]),
        ])
        let result = try forwarder(source, target).run()
        #expect(result.duplicates == 20)
        #expect(target.taken[streams[0]] == (0..<40).map { Int64($0) })
    }
}
