import Retries
import Testing

@testable import DetectionPipeline

/// What targets with windows, limits of their own and records of little worth make of the lanes: by value.
@Suite struct ForwardLanesPolicyTests {
    struct Failure: CountedError, CustomStringConvertible {
        var failureKind = FailureKind.transient
        var description: String { "failed" }
    }

    struct Expired: Error, CustomStringConvertible {
        var description: String { "expired" }
    }

    private let stream = RecordStream(origin: "kafka:c/t", name: "t")

    private func batch(_ offsets: Range<Int64>, keeping kept: Set<Int64>? = nil) -> RecordBatch {
        var batch = RecordBatch(stream: stream)
        for offset in offsets where kept?.contains(offset) ?? true {
            let start = batch.bytes.count
            batch.bytes += Array(repeating: UInt8(offset & 127), count: 10)
            batch.records.append(.init(offset: offset, nextOffset: offset + 1, value: start..<start + 10))
        }
        return batch
    }

    private func lanes(
        _ count: Int = 4,
        window: Duration = .zero,
        attemptLimit: Int? = nil
    ) -> ForwardLanes {
        var policy = RetryPolicy(maximumAttempts: nil, deadline: nil)
        policy.initialDelay = .seconds(1)
        return ForwardLanes(
            limits: BatchLimits(recordCount: count, byteCount: 1_000, window: window),
            retries: policy,
            concurrency: ConcurrencyLimit(),
            attemptLimit: attemptLimit
        )
    }

    private func at(_ seconds: Double) -> PipelineInstant { PipelineInstant(sinceStart: .seconds(seconds)) }

    private func add(
        _ batch: RecordBatch,
        to lanes: inout ForwardLanes,
        upTo end: Int64? = nil,
        at now: Double = 0
    ) -> Int64? {
        lanes.add(batch, upTo: end ?? batch.records.last?.nextOffset ?? 0, at: at(now)) {
            $1.byteCount(of: $0)
        }
    }

    /// What a target made of the calls until nothing was left: the ranges sent or given up, in their order.
    private func run(
        _ lanes: inout ForwardLanes,
        _ send: ([Int64]) -> (finished: Int, error: (any Error)?)
    ) throws -> [String] {
        var trace: [String] = []
        var now = 0.0
        while !lanes.isEmpty, trace.count < 200 {
            for call in lanes.start(at: at(now)) {
                let offsets = call.batch.records.map(\.offset)
                let range =
                    offsets.count == 1 ? "\(offsets[0])" : "\(offsets[0])-\(offsets[offsets.count - 1])"
                if call.isGivingUp {
                    trace.append("gave up \(range) after \(call.countedAttempts)")
                    _ = try lanes.ended(
                        call,
                        ForwardAnswer(finishedCount: offsets.count),
                        at: at(now),
                        jitter: 1
                    )
                } else {
                    trace.append(range)
                    let (finished, error) = send(offsets)
                    let answer = ForwardAnswer(finishedCount: finished, error: error)
                    _ = try lanes.ended(call, answer, at: at(now), jitter: 1)
                }
            }
            now += 100
        }
        return trace
    }

    @Test("a call waits for the window, or until it is full")
    func window() throws {
        var lanes = lanes(4, window: .seconds(2))
        #expect(add(batch(0..<2), to: &lanes, at: 1) == nil)
        #expect(lanes.start(at: at(2.9)).isEmpty)
        // What comes later waits no longer than the first.
        _ = add(batch(2..<3), to: &lanes, at: 2.9)
        let call = try #require(lanes.start(at: at(3)).first)
        #expect(call.batch.records.map(\.offset) == [0, 1, 2])
        _ = add(batch(3..<8), to: &lanes, at: 3)
        _ = try lanes.ended(call, ForwardAnswer(finishedCount: 3), at: at(3), jitter: 1)
        let full = try #require(lanes.start(at: at(3)).first)
        #expect(full.batch.records.map(\.offset) == [3, 4, 5, 6])
        _ = try lanes.ended(full, ForwardAnswer(finishedCount: 4), at: at(3.5), jitter: 1)
        #expect(lanes.start(at: at(4.9)).isEmpty)
        #expect(lanes.start(at: at(5)).first?.batch.records.map(\.offset) == [7])
    }

    @Test("bytes fill a call too, and a smaller limit holds for the next one")
    func size() throws {
        var lanes = lanes(100, window: .seconds(60))
        lanes.limits.byteCount = 30
        _ = add(batch(0..<2), to: &lanes)
        #expect(lanes.start(at: at(1)).isEmpty)
        _ = add(batch(2..<7), to: &lanes)
        #expect(lanes.start(at: at(1)).first?.batch.records.count == 3)
    }

    @Test("a change of the limits holds from the next call on; a failed call comes again as it was")
    func change() throws {
        var lanes = lanes(4)
        _ = add(batch(0..<10), to: &lanes)
        let first = try #require(lanes.start(at: at(0)).first)
        lanes.limits.recordCount = 2
        _ = try lanes.ended(first, ForwardAnswer(error: Failure()), at: at(0), jitter: 0)
        let again = try #require(lanes.start(at: at(0)).first)
        #expect(again.batch.records.count == 4)
        _ = try lanes.ended(again, ForwardAnswer(finishedCount: 4), at: at(0), jitter: 0)
        #expect(lanes.start(at: at(0)).first?.batch.records.map(\.offset) == [4, 5])
    }

    @Test("what is not wanted is finished with the records before it, or at once")
    func skipped() throws {
        var lanes = lanes()
        // All of it unwanted, and nothing waits.
        #expect(add(batch(0..<5, keeping: []), to: &lanes, upTo: 5) == 5)
        #expect(lanes.isEmpty && lanes.start(at: at(0)).isEmpty)
        #expect(add(batch(5..<10, keeping: [6, 7]), to: &lanes, upTo: 10) == nil)
        #expect(add(batch(10..<20, keeping: []), to: &lanes, upTo: 20) == nil)
        let call = try #require(lanes.start(at: at(0)).first)
        #expect(call.batch.records.map(\.offset) == [6, 7])
        // It comes while the call is under way.
        #expect(add(batch(20..<25, keeping: []), to: &lanes, upTo: 25) == nil)
        #expect(try lanes.ended(call, ForwardAnswer(finishedCount: 2), at: at(0), jitter: 1) == 25)
    }

    @Test("after so many counted failures the records are given up; others do not count")
    func attempts() throws {
        var lanes = lanes(4, attemptLimit: 3)
        _ = add(batch(0..<5), to: &lanes)
        var calls = 0
        let trace = try run(&lanes) { offsets in
            guard offsets.contains(2) else { return (offsets.count, nil) }
            calls += 1
            let isOutage = calls == 2 || calls == 3
            return (0, isOutage ? ForwardLanesTests.Failure(failureKind: .transient) : Failure())
        }
        #expect(trace == ["0-3", "0-3", "0-3", "0-3", "0-3", "gave up 0-3 after 3", "4"])
    }

    @Test("progress begins the count anew")
    func progress() throws {
        var lanes = lanes(4, attemptLimit: 2)
        _ = add(batch(0..<4), to: &lanes)
        // One record more is done each time.
        let trace = try run(&lanes) { offsets in offsets.count == 1 ? (1, nil) : (1, Failure()) }
        #expect(trace == ["0-3", "1-3", "2-3", "3"])
    }

    @Test(
        "a record that is to blame is found by halving, and the others are sent",
        arguments: 0..<8 as Range<Int64>
    )
    func halving(_ bad: Int64) throws {
        var lanes = lanes(8, attemptLimit: 2)
        _ = add(batch(0..<8), to: &lanes)
        var sent: [Int64] = []
        let trace = try run(&lanes) { offsets in
            if offsets.contains(bad) {
                return (0, Failure(failureKind: offsets.count > 1 ? .poison : .transient))
            }
            sent += offsets
            return (offsets.count, nil)
        }
        #expect(sent == (0..<8).filter { $0 != bad })
        #expect(trace.contains("gave up \(bad) after 2"))
        // The whole, three halvings with a good half each, and the bad one once more before it is given up.
        #expect(trace.count == 9)
    }

    @Test("halving waits for nothing, and does not count as a try")
    func halvingIsQuick() throws {
        var lanes = lanes(2, attemptLimit: 1)
        _ = add(batch(0..<2), to: &lanes)
        let first = try #require(lanes.start(at: at(0)).first)
        let poison = Failure(failureKind: .poison)
        _ = try lanes.ended(first, ForwardAnswer(error: poison), at: at(0), jitter: 1)
        let half = try #require(lanes.start(at: at(0)).first)
        #expect(half.batch.records.map(\.offset) == [0] && half.attempt == 1 && half.countedAttempts == 0)
    }

    @Test("records that must not be sent any more are given up, in their turn")
    func refusal() throws {
        var lanes = lanes(4)
        _ = add(batch(0..<6), to: &lanes)
        var seen: [String] = []
        let old: Set<Int64> = [0, 1, 3]
        while let call = lanes.start(
            at: at(0),
            refusal: { record, _ in old.contains(record.offset) ? Expired() : nil }
        ).first {
            let offsets = call.batch.records.map(\.offset)
            seen.append("\(call.isGivingUp ? "gave up" : "sent") \(offsets)")
            _ = try lanes.ended(call, ForwardAnswer(finishedCount: offsets.count), at: at(0), jitter: 1)
        }
        #expect(seen == ["gave up [0, 1]", "sent [2]", "gave up [3]", "sent [4, 5]"])
    }

    @Test("a record that grows too old while it is tried again is given up alone")
    func refusalOfAFailedCall() throws {
        var lanes = lanes(4, attemptLimit: 5)
        _ = add(batch(0..<3), to: &lanes)
        let first = try #require(lanes.start(at: at(0)).first)
        _ = try lanes.ended(first, ForwardAnswer(error: Failure()), at: at(0), jitter: 0)
        let refusal = { (record: RecordBatch.Record, _: RecordBatch) -> (any Error)? in
            record.offset == 0 ? Expired() : nil
        }
        let old = try #require(lanes.start(at: at(0), refusal: refusal).first)
        #expect(old.isGivingUp && old.batch.records.map(\.offset) == [0] && old.countedAttempts == 1)
        #expect(try lanes.ended(old, ForwardAnswer(finishedCount: 1), at: at(0), jitter: 0) == 1)
        let rest = try #require(lanes.start(at: at(0), refusal: refusal).first)
        #expect(!rest.isGivingUp && rest.batch.records.map(\.offset) == [1, 2])
    }

    @Test("giving up is tried until it succeeds, and its failures do not count")
    func letters() throws {
        var lanes = lanes(4, attemptLimit: 1)
        _ = add(batch(0..<2), to: &lanes)
        let call = try #require(lanes.start(at: at(0)).first)
        _ = try lanes.ended(call, ForwardAnswer(error: Failure()), at: at(0), jitter: 1)
        var now = 0.0
        for _ in 0..<3 {
            let giving = try #require(lanes.start(at: at(now)).first)
            #expect(giving.isGivingUp && giving.countedAttempts == 1)
            _ = try lanes.ended(giving, ForwardAnswer(error: Failure()), at: at(now), jitter: 1)
            now += 100
        }
        let last = try #require(lanes.start(at: at(now)).first)
        #expect(try lanes.ended(last, ForwardAnswer(finishedCount: 2), at: at(now), jitter: 1) == 2)
        #expect(lanes.isEmpty && lanes.stall == nil)
    }

    struct Throttled: ThrottlingError {
        var failureKind: FailureKind { .transient }
        var isThrottling: Bool { true }
    }

    @Test("a target that takes two at once gets two, by turns, and one more now and then")
    func throttling() throws {
        var policy = RetryPolicy(maximumAttempts: nil, deadline: nil)
        policy.initialDelay = .milliseconds(1)
        var lanes = ForwardLanes(
            limits: BatchLimits(recordCount: 1),
            retries: policy,
            concurrency: ConcurrencyLimit(50)
        )
        for partition in 0..<8 as Range<Int32> {
            var batch = batch(0..<50)
            batch.stream.partition = partition
            _ = add(batch, to: &lanes)
        }
        var taken: [Int32: Int] = [:]
        var underWay: [ForwardCall] = []
        var refusedCount = 0
        for step in 0..<200 {
            let now = at(Double(step))
            for call in lanes.start(at: now) {
                if underWay.count < 2 {
                    underWay.append(call)
                } else {
                    refusedCount += 1
                    _ = try lanes.ended(call, ForwardAnswer(error: Throttled()), at: now, jitter: 1)
                }
            }
            let ended = underWay.removeFirst()
            taken[ended.batch.stream.partition, default: 0] += 1
            _ = try lanes.ended(ended, ForwardAnswer(finishedCount: 1), at: now, jitter: 1)
        }
        // The six of the beginning, then a try for a third one after every two or three that went well.
        #expect(refusedCount < 110, "\(refusedCount)")
        #expect(taken.count == 8 && taken.values.allSatisfy { (15...40).contains($0) }, "\(taken)")
    }
}
