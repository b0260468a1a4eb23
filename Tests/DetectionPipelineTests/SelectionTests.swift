import AnomalyDetection
import Testing

@testable import DetectionPipeline

@Suite("An action's selection")
struct SelectionTests {
    private let stream = RecordStream(origin: "kafka:c/t", name: "t")

    private func record(_ offset: Int64, _ score: Double) -> ScoredRecord {
        ScoredRecord(
            identity: RecordIdentity(stream: stream, offset: offset),
            time: nil,
            verdict: Verdict(score: score, threshold: 3, isEarly: false, entity: "", drivers: []),
            line: nil
        )
    }

    @Test("takes anomalies, scores from a minimum on, or all; and tells which scores it needs besides")
    func selection() throws {
        let records = [record(0, 0.5), record(1, 3), record(2, 3.5), record(3, 9)]
        for (selection, offsets, least) in [
            (RecordSelection.anomalies, [2, 3], Double.infinity), (.minimumScore(3), [1, 2, 3], 3),
            (.minimumScore(5), [3], 5), (.all, [0, 1, 2, 3], -.infinity),
        ] {
            let sink = KeepingSink()
            try SelectingSink(sink, selection).store(records)
            #expect(sink.records.map(\.identity.offset) == offsets.map { Int64($0) })
            #expect(selection.leastScore == least)
        }
    }

    @Test("a pipeline reports anomalies and what has at least the wanted score, and no other")
    func reported() throws {
        let sink = KeepingSink()
        var settings = ScorerTests.settings()
        settings.detector.threshold = .fixed(3)
        settings.reportedScore = 0.53
        try Pipeline(
            source: ScriptedSource([ScorerTests.lines.batch(0..<300)]),
            scorer: FakeScorer(),
            sinks: [sink],
            deadLetters: nil,
            settings: settings
        ).run()
        #expect(sink.records.contains { !$0.verdict.isAnomalous })
        #expect(sink.records.filter(\.verdict.isAnomalous).count == 4)
        #expect(sink.records.allSatisfy { $0.verdict.score >= 0.53 })
        #expect(sink.records.count < 290)
    }

    @Test(
        "what a service has taken of a batch is not sent again, whatever part of it comes; another batch is"
    )
    func taken() throws {
        struct Failure: ClassifiedError { var failureKind: FailureKind }
        var taken = TakenRecords()
        var sent: [[Int64]] = []
        func send(_ records: [ScoredRecord], failing: [Int64: FailureKind]) throws {
            try taken.store(records) { records in
                sent.append(records.map(\.identity.offset))
                var failures: [Int: any Error] = [:]
                for (position, record) in records.enumerated() {
                    failures[position] = failing[record.identity.offset].map { Failure(failureKind: $0) }
                }
                return failures
            }
        }
        let batch = (0..<6).map { record($0, 9) }
        do {
            try send(batch, failing: [1: .poison, 4: .transient])
            Issue.record("nothing failed")
        } catch {
            #expect(FailureKind(error) == .transient)
        }
        do {
            try send(batch, failing: [1: .poison])
            Issue.record("nothing failed")
        } catch {
            #expect(FailureKind(error) == .poison)
        }
        // As the pipeline halves it.
        #expect(throws: Failure.self) { try send(Array(batch[..<3]), failing: [1: .poison]) }
        #expect(throws: Failure.self) { try send(Array(batch[1..<2]), failing: [1: .poison]) }
        try send(Array(batch[2..<3]), failing: [:])
        try send(Array(batch[3...]), failing: [:])
        #expect(sent == [[0, 1, 2, 3, 4, 5], [1, 4], [1], [1]])
        try send((6..<9).map { record($0, 9) }, failing: [:])
        try send((6..<9).map { record($0, 9) }, failing: [:])
        #expect(sent.suffix(2) == [[6, 7, 8], [6, 7, 8]])
    }
}
