import Retries
import Testing

@testable import DetectionPipeline

/// Which calls are made, by value: no thread, no clock.
@Suite struct ForwardLanesTests {
    struct Failure: DelayedError {
        var failureKind: FailureKind
        var retryAfter: Duration?
    }

    private func stream(_ partition: Int32) -> RecordStream {
        RecordStream(origin: "kafka:c/t", name: "t", partition: partition)
    }

    private func batch(_ partition: Int32, _ offsets: Range<Int64>, size: Int = 10) -> RecordBatch {
        var batch = RecordBatch(stream: stream(partition))
        for offset in offsets {
            let start = batch.bytes.count
            batch.bytes += Array(repeating: UInt8(offset & 127), count: size)
            batch.records.append(.init(offset: offset, nextOffset: offset + 1, value: start..<start + size))
        }
        return batch
    }

    private func lanes(_ count: Int = 4, _ bytes: Int = 1 << 20, concurrency: Int = 50) -> ForwardLanes {
        var policy = RetryPolicy(maximumAttempts: nil, deadline: nil)
        policy.initialDelay = .seconds(1)
        return ForwardLanes(
            limits: BatchLimits(recordCount: count, byteCount: bytes),
            retries: policy,
            concurrency: ConcurrencyLimit(concurrency)
        )
    }

    private func at(_ seconds: Double) -> PipelineInstant { PipelineInstant(sinceStart: .seconds(seconds)) }

    private func offsets(_ call: ForwardCall) -> [Int64] { call.batch.records.map(\.offset) }

    private func answer(_ finished: Int, _ error: (any Error)? = nil) -> ForwardAnswer {
        ForwardAnswer(finishedCount: finished, error: error)
    }

    @Test("a stream has one call at a time, in its order, of as many records as fit")
    func order() throws {
        var lanes = lanes()
        lanes.add(batch(0, 0..<3))
        lanes.add(batch(0, 3..<9))
        var seen: [[Int64]] = []
        while let call = lanes.start(at: at(0)).first {
            #expect(lanes.start(at: at(100)).isEmpty)
            seen.append(offsets(call))
            let finished = try lanes.ended(call, answer(call.batch.records.count), at: at(0), jitter: 1)
            #expect(finished == offsets(call).last.map { $0 + 1 })
        }
        #expect(seen == [[0, 1, 2, 3], [4, 5, 6, 7], [8]])
        #expect(lanes.isEmpty && lanes.queuedBytes == 0)
    }

    @Test("a call keeps to its bytes; a record that is larger than they are goes alone")
    func bytes() throws {
        var lanes = lanes(100, 25)
        lanes.add(batch(0, 0..<3))
        lanes.add(batch(0, 3..<4, size: 500))
        lanes.add(batch(0, 4..<5))
        var seen: [[Int64]] = []
        while let call = lanes.start(at: at(0)).first {
            seen.append(offsets(call))
            _ = try lanes.ended(call, answer(call.batch.records.count), at: at(0), jitter: 1)
        }
        #expect(seen == [[0, 1], [2], [3], [4]])
    }

    @Test("the bytes of a call are those of its records")
    func content() throws {
        var lanes = lanes(3)
        var first = batch(0, 0..<2)
        first.records[1].key = 0..<4
        lanes.add(first)
        lanes.add(batch(0, 2..<5))
        let call = try #require(lanes.start(at: at(0)).first)
        let values = call.batch.records.map { record in record.value.map { Array(call.batch.bytes[$0]) } }
        #expect(values == (0..<3).map { Array(repeating: UInt8($0), count: 10) })
        #expect(call.batch.records[1].key.map { Array(call.batch.bytes[$0]) } == [0, 0, 0, 0])
    }

    @Test("streams go side by side up to the limit, each in its turn")
    func concurrency() throws {
        var lanes = lanes(1, concurrency: 2)
        for partition in 0..<3 as Range<Int32> { lanes.add(batch(partition, 0..<2)) }
        var underWay = lanes.start(at: at(0))
        #expect(underWay.map(\.batch.stream.partition) == [0, 1])
        #expect(lanes.start(at: at(0)).isEmpty)
        var turns: [Int32] = []
        while let call = underWay.first {
            underWay.removeFirst()
            _ = try lanes.ended(call, answer(1), at: at(0), jitter: 1)
            let next = lanes.start(at: at(0))
            turns += next.map(\.batch.stream.partition)
            underWay += next
        }
        #expect(turns == [2, 0, 1, 2])
        #expect(lanes.concurrency.inUse == 0 && lanes.concurrency.peak == 2)
    }

    @Test("after an outage the same records come again, later, and no others before them")
    func retry() throws {
        var lanes = lanes()
        lanes.add(batch(0, 0..<2))
        let first = try #require(lanes.start(at: at(0)).first)
        // These arrive while the call is under way, and do not join it when it is made again.
        lanes.add(batch(0, 2..<4))
        #expect(
            try lanes.ended(first, answer(0, Failure(failureKind: .transient)), at: at(1), jitter: 0.5) == nil
        )
        #expect(lanes.stall?.since == at(1) && lanes.nextTry == at(1.5))
        #expect(lanes.start(at: at(1.4)).isEmpty)
        let again = try #require(lanes.start(at: at(1.5)).first)
        #expect(again.attempt == 2 && again.batch.identityRange == first.batch.identityRange)
        #expect(try lanes.ended(again, answer(2), at: at(2), jitter: 1) == 2)
        #expect(lanes.stall == nil)
        #expect(lanes.start(at: at(2)).map(offsets) == [[2, 3]])
    }

    @Test("what a call has finished before it failed does not come again")
    func partial() throws {
        var lanes = lanes()
        lanes.add(batch(0, 0..<8))
        let first = try #require(lanes.start(at: at(0)).first)
        #expect(
            try lanes.ended(first, answer(3, Failure(failureKind: .transient)), at: at(0), jitter: 0) == 3
        )
        #expect(lanes.start(at: at(0)).map(offsets) == [[3]])
    }

    @Test("the target's own delay is kept to, if it is longer than ours, within reason")
    func retryAfter() throws {
        for (asked, expected) in [(7, 7.0), (0, 1.0), (86_400, 300.0)] {
            var lanes = lanes()
            lanes.add(batch(0, 0..<1))
            let call = try #require(lanes.start(at: at(0)).first)
            let failure = Failure(failureKind: .transient, retryAfter: .seconds(asked))
            _ = try lanes.ended(call, answer(0, failure), at: at(0), jitter: 1)
            #expect(lanes.nextTry == at(expected))
        }
    }

    @Test("one stream that fails holds up no other")
    func isolation() throws {
        var lanes = lanes(1)
        lanes.add(batch(0, 0..<1))
        lanes.add(batch(1, 0..<2))
        let calls = lanes.start(at: at(0))
        _ = try lanes.ended(calls[0], answer(0, Failure(failureKind: .transient)), at: at(0), jitter: 1)
        _ = try lanes.ended(calls[1], answer(1), at: at(0), jitter: 1)
        #expect(lanes.start(at: at(0)).map(\.batch.stream.partition) == [1])
    }

    @Test("a permanent failure ends it, and gives its place back")
    func permanent() throws {
        var lanes = lanes()
        lanes.add(batch(0, 0..<1))
        let call = try #require(lanes.start(at: at(0)).first)
        #expect(throws: Failure.self) {
            try lanes.ended(call, answer(0, Failure(failureKind: .permanent)), at: at(0), jitter: 1)
        }
        #expect(lanes.concurrency.inUse == 0)
    }

    @Test("the answer to a call of a stream that has gone counts for nothing, also when it has come back")
    func forgotten() throws {
        var lanes = lanes()
        lanes.add(batch(0, 0..<2))
        let old = try #require(lanes.start(at: at(0)).first)
        lanes.forget([stream(0)])
        #expect(lanes.isEmpty && lanes.concurrency.inUse == 1)
        lanes.add(batch(0, 0..<2))
        #expect(try lanes.ended(old, answer(2), at: at(0), jitter: 1) == nil)
        #expect(lanes.concurrency.inUse == 0)
        #expect(lanes.start(at: at(0)).map(offsets) == [[0, 1]])
    }

    @Test("without budget a retry waits for the whole of its delay")
    func budget() throws {
        var lanes = lanes(1)
        // As many as the budget holds.
        for partition in 0..<10 as Range<Int32> {
            lanes.add(batch(partition, 0..<1))
            let call = try #require(lanes.start(at: at(0)).first)
            _ = try lanes.ended(call, answer(0, Failure(failureKind: .transient)), at: at(0), jitter: 0)
            #expect(lanes.nextTry == at(0))
            lanes.forget([stream(partition)])
        }
        lanes.add(batch(20, 0..<1))
        let call = try #require(lanes.start(at: at(0)).first)
        _ = try lanes.ended(call, answer(0, Failure(failureKind: .transient)), at: at(0), jitter: 0)
        #expect(lanes.nextTry == at(1))
    }
}

extension ForwardLanes {
    /// Takes records that have come at the beginning of time, all to be sent.
    fileprivate mutating func add(_ batch: RecordBatch) {
        let end = batch.records.last?.nextOffset ?? 0
        #expect(add(batch, upTo: end, at: PipelineInstant(sinceStart: .zero)) { $1.byteCount(of: $0) } == nil)
    }
}
