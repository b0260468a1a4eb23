import AnomalyDetection
import LogRecords
import Testing

@testable import DetectionPipeline

@Suite("The models of one stream, for hosts that are handed their batches")
struct StreamModelsTests {
    private let stream = RecordStream(origin: "kafka:c/t", name: "t", partition: 2)

    private var settings: PipelineSettings {
        var settings = PipelineSettings()
        settings.detector.treeCount = 10
        settings.detector.sampleSize = 32
        settings.detector.warmUp = 8
        settings.detector.threshold = .fixed(1.5)
        settings.reportsAll = true
        return settings
    }

    private func batch(_ range: Range<Int>) -> RecordBatch {
        var batch = RecordBatch(stream: stream)
        for index in range {
            let odd = index % 100 == 99
            let line =
                #"{"took_ms":\#(odd ? 90_000 : 20 + index * 7 % 13),"bytes":\#(400 + index * 31 % 90)}"#
            let start = batch.bytes.count
            batch.bytes += line.utf8
            batch.records.append(
                .init(
                    offset: Int64(index),
                    nextOffset: Int64(index) + 1,
                    timestampMilliseconds: Int64(index),
                    value: start..<batch.bytes.count
                )
            )
        }
        return batch
    }

    private func scores(_ batches: ScoredBatch...) -> [Int64: Double] {
        let records = batches.flatMap(\.records)
        return Dictionary(uniqueKeysWithValues: records.map { ($0.identity.offset, $0.verdict.score) })
    }

    @Test("give the same bits in one batch and in several, and by way of a saved state")
    func parts() throws {
        var settings = settings
        settings.format = .log(.json)
        settings.features = ["took_ms", "bytes"].map {
            Feature(name: $0, source: .field($0), transform: .identity, isNormalized: true)
        }
        let whole = scores(try StreamModels(settings).learn(batch(0..<300)))
        #expect(whole.count > 250 && (whole[199] ?? 0) > 1.5)
        let first = StreamModels(settings)
        #expect(first.state == nil)
        let one = try first.learn(batch(0..<70))
        let second = try StreamModels(settings, state: try #require(first.state))
        let (two, three) = (try second.learn(batch(70..<71)), try second.learn(batch(71..<300)))
        #expect(scores(one, two, three) == whole)
    }

    @Test("settle what is not configured by the first batch, and hold no record back")
    func settles() throws {
        let models = StreamModels(settings)
        let first = try models.learn(batch(0..<5))
        #expect(first.counts.read == 5 && first.deadLetters.isEmpty)
        #expect(models.state != nil)
        #expect(
            try models.learn(batch(5..<200)).records.contains {
                $0.identity.offset == 199 && $0.verdict.isAnomalous
            }
        )
    }

    @Test("frozen: score without learning, and skip all before they have learnt anything")
    func frozen() throws {
        let models = StreamModels(settings)
        #expect(try models.score(batch(0..<10)).records.isEmpty)
        _ = try models.learn(batch(0..<200))
        let state = models.state
        let outcome = scores(try models.score(batch(250..<300)))
        #expect(outcome.count == 50 && (outcome[299] ?? 0) > 1.5)
        #expect(scores(try models.score(batch(250..<300))) == outcome)
        #expect(models.state == state)
    }

    @Test("call records as they are told to")
    func identities() throws {
        let models = StreamModels(settings)
        _ = try models.learn(batch(0..<100))
        let identities = (0..<100).map {
            RecordIdentity(
                stream: RecordStream(origin: "sqs:q/m\($0)", name: "q"),
                offset: 7,
                timestampMilliseconds: 1
            )
        }
        let scored = try models.score(batch(0..<100), identities: identities)
        #expect(scored.records.map(\.identity) == identities)
    }

    @Test("with a model outside take its scores; where it fails nothing is scored")
    func scorer() throws {
        var settings = settings
        settings.format = .log(.json)
        settings.features = [
            Feature(name: "took_ms", source: .field("took_ms"), transform: .identity, isNormalized: false)
        ]
        let models = StreamModels(settings, scorerName: "fake")
        let scorer = FakeScorer(rowLimit: 30, concurrency: 2)
        let scored = scores(try models.learn(batch(0..<100), scorer: scorer))
        #expect(scored.count == 100 && scored[99] == 4)
        #expect(scorer.seen.answered.allSatisfy { $0.count <= 30 })
        let frozen = scores(try models.score(batch(100..<200), scorer: scorer))
        #expect(frozen.count == 100 && frozen[199] == 4)
        let failing = FakeScorer(failures: [.transient])
        #expect(throws: FakeScorer.Failure.self) { try models.learn(batch(200..<210), scorer: failing) }
        // A state belongs to the model that gave its scores.
        let state = try #require(models.state)
        #expect(throws: (any Error).self) { try StreamModels(settings, scorerName: "other", state: state) }
        #expect(throws: (any Error).self) { try StreamModels(settings, state: state) }
    }
}
