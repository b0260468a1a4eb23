import Testing

@testable import DetectionPipeline

@Suite struct OffsetLedgerTests {
    let stream = RecordStream(origin: "kafka:c/t", name: "t")
    let other = RecordStream(origin: "kafka:c/t", name: "t", partition: 1)

    private func batch(_ offsets: some Sequence<Int64>) -> RecordBatch {
        RecordBatch(
            stream: stream,
            records: offsets.map { .init(offset: $0, nextOffset: $0 + 1, value: nil) }
        )
    }

    /// Takes records and gives the offsets of those that are new.
    private func take(_ ledger: inout OffsetLedger, _ offsets: some Sequence<Int64>) -> [Int64] {
        var batch = batch(offsets)
        let known = batch.records.count
        let removed = ledger.take(&batch)
        #expect(batch.records.count + removed == known)
        return batch.records.map(\.offset)
    }

    @Test("what was taken before is a duplicate, also within one batch; gaps are none")
    func duplicates() {
        var ledger = OffsetLedger()
        ledger.begin(stream, at: 5, committed: nil)
        #expect(take(&ledger, [3, 4, 5, 6]) == [5, 6])
        #expect(take(&ledger, [5, 6, 7, 7, 9]) == [7, 9])
        #expect(take(&ledger, [8]) == [])
        #expect(take(&ledger, [10]) == [10])
    }

    @Test("a stream that nobody began takes what comes first, and a known one goes on")
    func unknownStream() {
        var ledger = OffsetLedger()
        #expect(take(&ledger, [100, 101]) == [100, 101])
        #expect(take(&ledger, [100, 102]) == [102])
        ledger.begin(other, at: nil, committed: nil)
        #expect(ledger.finished(other) == nil)
    }

    @Test("only what is finished may be committed, once")
    func commit() {
        var ledger = OffsetLedger()
        ledger.begin(stream, at: 0, committed: nil)
        ledger.begin(other, at: 7, committed: 7)
        // Its start is settled with the first commit: the position may have been `latest`.
        #expect(ledger.commitable() == [stream: 0])
        _ = take(&ledger, 0..<10)
        #expect(ledger.commitable() == [stream: 0])
        ledger.finish(stream, upTo: 4)
        #expect(ledger.commitable() == [stream: 4])
        ledger.committed([stream: 4])
        #expect(ledger.commitable().isEmpty)
        ledger.finish(stream, upTo: 10)
        #expect(ledger.commitable() == [stream: 10])
    }

    @Test("a commit never goes back behind what the group has committed")
    func noWayBack() {
        var ledger = OffsetLedger()
        // Records from 20 on are taken again, for the models; their results are out up to 50.
        ledger.begin(stream, at: 20, committed: 50)
        #expect(ledger.commitable().isEmpty)
        ledger.finish(stream, upTo: 40)
        #expect(ledger.commitable().isEmpty)
        #expect(ledger.isCommitted(stream, 49))
        #expect(!ledger.isCommitted(stream, 50))
        ledger.finish(stream, upTo: 51)
        #expect(ledger.commitable() == [stream: 51])
    }

    @Test("a stream that is forgotten is committed no more, and may begin elsewhere")
    func forget() {
        var ledger = OffsetLedger()
        ledger.begin(stream, at: 0, committed: nil)
        _ = take(&ledger, 0..<10)
        ledger.finish(stream, upTo: 10)
        ledger.forget(stream)
        #expect(ledger.commitable().isEmpty)
        #expect(!ledger.isCommitted(stream, 0))
        // An answer that comes late does not bring it back.
        ledger.committed([stream: 10])
        #expect(ledger.finished(stream) == nil)
        ledger.begin(stream, at: 3, committed: 3)
        #expect(take(&ledger, 0..<5) == [3, 4])
    }
}
