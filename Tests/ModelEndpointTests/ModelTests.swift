import BinaryCoding
import Dispatch
import RandomCutForest
import SeededNumbers
import Synchronization
import Testing

@testable import ModelEndpoint

private func rows(_ rows: [[Double]]) throws -> FeatureRows {
    var result = FeatureRows(dimensions: rows[0].count)
    for row in rows {
        for value in row { try result.append(value) }
        try result.finishRow()
    }
    return result
}

@Suite struct ModelTests {
    @Test("a model that was saved and loaded scores as the forest that was trained")
    func roundTrip() throws {
        var settings = TrainingSettings()
        settings.treeCount = 30
        settings.sampleSize = 128
        var trainer = try ModelTrainer(featureNames: ["time", "status", "bytes"], settings)
        for row in serviceRows(500) { try trainer.learn(row) }
        let trained = try trainer.finish()
        let bytes = trained.encoded()
        let loaded = try TrainedModel.decode(bytes)
        #expect(loaded.description == trained.description)
        #expect(loaded.description.featureNames == ["time", "status", "bytes"])
        #expect(loaded.description.trainedRowCount == 500)
        #expect(loaded.encoded() == bytes)
        let model = try EndpointModel(loaded)
        let asked = serviceRows(100, seed: 9) + [[30, 500, 9]]
        let expected = try asked.map { try #require(try trained.forest.score($0)) }
        #expect(model.scores(try rows(asked)) == expected)
        for (row, score) in zip(asked, expected) { #expect(model.scores(try rows([row])) == [score]) }
        #expect(expected[100] > model.description.trainingScores.threshold)
        #expect(expected[..<100].filter { $0 > model.description.trainingScores.threshold }.count < 5)
    }

    @Test("rows far from 0, such as times since 1970, keep their precision")
    func precision() throws {
        var random = SeededGenerator(seed: 5)
        let trainingRows = (0..<400).map { _ in [1.7e9 + Double.random(in: 0..<4, using: &random)] }
        let model = try EndpointModel(TrainedModel.decode(serviceModelFile(rows: trainingRows)))
        let scores = model.scores(try rows([[1.7e9 + 2], [1.7e9 + 20]]))
        #expect(scores[0] < 1.2 && scores[1] > 2, "\(scores)")
    }

    @Test("with a shingle a row to score is so many training rows side by side")
    func shingle() throws {
        let wave = (0..<600).map { [Double($0 % 12)] }
        let bytes = try serviceModelFile(rows: wave) { $0.shingleSize = 4 }
        let model = try EndpointModel(TrainedModel.decode(bytes))
        #expect(model.dimensions == 4)
        let scores = model.scores(try rows([[3, 4, 5, 6], [3, 4, 11, 6]]))
        #expect(scores[0] < 1 && scores[1] > 1.3, "\(scores)")
    }

    @Test("frozen scores are the same on every thread, however often asked")
    func threads() throws {
        let model = try serviceModel()
        let asked = try rows(serviceRows(70, seed: 4))
        let expected = model.scores(asked)
        let differences = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 6) { _ in
            for _ in 0..<200 where model.scores(asked) != expected {
                differences.add(1, ordering: .relaxed)
            }
        }
        #expect(differences.load(ordering: .relaxed) == 0)
    }

    @Test("a learning model gets used to what it is asked again and again, a frozen one does not")
    func learning() throws {
        let odd = try rows([[9, 500, 9]])
        for (mode, isUsed) in [(EndpointModel.Mode.frozen, false), (.learning, true)] {
            let model = try serviceModel(mode: mode)
            let first = model.scores(odd)[0]
            for _ in 0..<400 { _ = model.scores(odd) }
            let last = model.scores(odd)[0]
            #expect(isUsed ? last < 0.75 * first : last == first, "\(first) \(last)")
        }
    }

    @Test("too few rows make no model")
    func tooFew() throws {
        var trainer = try ModelTrainer(featureNames: ["a"], TrainingSettings())
        for value in 0..<15 { try trainer.learn([Double(value)]) }
        do {
            _ = try trainer.finish()
            Issue.record("15 rows made a model")
        } catch {
            #expect(error.code == .untrained && error.message.contains("15 rows"), "\(error)")
        }
    }

    @Test("every changed byte of a model file, and every cut, is noticed, and said")
    func damage() throws {
        let good = try serviceModelFile(rows: serviceRows(100)) {
            $0.treeCount = 2
            $0.sampleSize = 16
        }
        func error(_ bytes: [UInt8]) -> ModelFileError? {
            do {
                _ = try TrainedModel.decode(bytes)
                return nil
            } catch {
                return error
            }
        }
        #expect(error(good) == nil)
        for index in good.indices {
            var bytes = good
            bytes[index] ^= 0x10
            #expect(error(bytes) != nil, "byte \(index)")
            #expect(error(Array(good[..<index]))?.code == .damaged, "cut at \(index)")
        }
        #expect(
            error(Array("PK and more than enough bytes of an archive".utf8))?.message.contains("model file")
                == true
        )
        var newer = good
        newer[8] = 9
        #expect(error(newer)?.code == .newer)
        #expect(error(newer)?.message.contains("version 9") == true)
    }

    @Test("no file that is whole but lies ends the reader")
    func forged() throws {
        let form = SectionedForm(name: "model file", magic: "TLMODEL1", version: 1)
        var random = SeededGenerator(seed: 8)
        let state = try TrainedModel.decode(serviceModelFile()).forest.encodedState(.full)
        for _ in 0..<2_000 {
            var sections = SectionWriter(form)
            sections.append(1) { writer in
                writer.write(UInt32.random(in: 0...3, using: &random))
                for _ in 0..<4 { writer.write(UInt64.random(in: 0...2, using: &random)) }
                writer.write(UInt32.random(in: 0...4, using: &random))
                for _ in 0..<Int.random(in: 0...4, using: &random) { writer.write("name") }
            }
            var bytes = state
            bytes[Int.random(in: bytes.indices, using: &random)] ^= 1
            sections.append(2) { $0.write(raw: bytes) }
            #expect(throws: ModelFileError.self) { _ = try TrainedModel.decode(sections.finish()) }
        }
    }
}

@Suite struct ScoreStatisticsTests {
    @Test("mean and deviation are those of the plain formulas")
    func formulas() {
        let scores = serviceRows(200).map { $0[0] }
        var statistics = ScoreStatistics()
        for score in scores { statistics.learn(score) }
        let mean = scores.reduce(0, +) / 200
        let deviation = (scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200).squareRoot()
        #expect(abs(statistics.mean - mean) < 1e-12 && abs(statistics.standardDeviation - deviation) < 1e-12)
        #expect(abs(statistics.threshold - (mean + 3 * deviation)) < 1e-12)
    }
}
