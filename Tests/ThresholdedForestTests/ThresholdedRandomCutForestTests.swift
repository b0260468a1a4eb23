import RandomCutForest
import SeededNumbers
import Testing

@testable import ThresholdedForest

@Suite("The thresholded forest")
struct ThresholdedRandomCutForestTests {
    static func configuration(
        _ transform: Transform = .none,
        dimensions: Int = 2,
        shingle: Int = 1,
        seed: UInt64 = 1
    ) -> ThresholdedRandomCutForest.Configuration {
        .init(.init(dimensions: dimensions, shingleSize: shingle, seed: seed), transform: transform)
    }

    @Test("finds planted spikes and expects the values without them", arguments: Transform.allCases, [1, 4])
    func spikes(transform: Transform, shingle: Int) throws {
        let spikes: [Int: (dimension: Int, height: Double)] = [
            500: (0, 60), 700: (1, -40), 900: (0, -60), 1100: (1, 40),
        ]
        let stream = PlantedStream(count: 1200, seed: 7, spikes: spikes)
        let graded = try stream.process(Self.configuration(transform, shingle: shingle))
        var answers = 0
        for (row, spike) in spikes {
            let found = graded[row]
            let anomaly = try #require(found.anomaly, "row \(row)")
            #expect(found.grade > 0.9 && found.correction == nil)
            #expect(anomaly.relativeIndex == 0 && anomaly.time == Double(row))
            #expect(anomaly.values == stream.rows[row])
            #expect(abs(anomaly.attribution.score - (found.score ?? 0)) < 1e-9)
            #expect(anomaly.contributions.count == 2)
            let (wrong, other) = (spike.dimension, 1 - spike.dimension)
            #expect(anomaly.contributions[wrong] > anomaly.contributions[other])
            guard let expected = anomaly.expectedValues else {
                // Both values have a part, and they are all there is.
                let sum = anomaly.contributions[0] + anomaly.contributions[1]
                #expect(shingle == 1 && anomaly.contributions[other] >= 0.1 * sum)
                continue
            }
            answers += 1
            #expect(expected[other] == stream.rows[row][other])
            let error = abs(expected[wrong] - stream.usual[row][wrong])
            #expect(error < 0.4 * abs(spike.height), "row \(row): \(expected)")
        }
        #expect(answers >= 3)
        // The row after a spike is a step back.
        let others = graded.indices.filter {
            graded[$0].grade > 0.5 && spikes[$0] == nil && spikes[$0 - 1] == nil
        }
        #expect(others.count < 24, "\(others)")
    }

    @Test("says how ready it is, and gives scores and grades no sooner")
    func readiness() throws {
        let stream = PlantedStream(count: 100, seed: 1, spikes: [30: (0, 500), 90: (0, 500)])
        let forest = try ThresholdedRandomCutForest(Self.configuration(.normalize))
        for (index, row) in stream.rows.enumerated() {
            let expected: Readiness =
                switch index {
                case ..<10: .holdingRows(10 - index)
                case ..<64: .learning
                case ..<74: .scoring
                default: .grading
                }
            #expect(forest.readiness == expected)
            let graded = try forest.process(row, at: 1000 + Double(index))
            #expect(graded.readiness == expected)
            #expect((graded.score == nil) == (index < 64) && (graded.threshold == nil) == (index < 64))
            #expect(graded.index == index && graded.time == 1000 + Double(index))
            if index < 64 { #expect(graded.grade == 0 && graded.anomaly == nil) }
            if index == 90 { #expect(graded.grade == 1 && graded.anomaly?.time == 1090) }
            #expect((graded.grade > 0) == (graded.anomaly != nil))
        }
        #expect(forest.rowCount == 100)
    }

    @Test(
        "expects the usual step from the row before, on a slope",
        arguments: [Transform.difference, .normalizeDifference]
    )
    func slope(transform: Transform) throws {
        var generator = SeededGenerator(seed: 11)
        let forest = try ThresholdedRandomCutForest(Self.configuration(transform, shingle: 4))
        var last = [0.0, 0]
        for index in 0..<801 {
            let row = [10 * Double(index) + 0.5 * generator.normal(), 0.5 * generator.normal()]
            let graded = try forest.process(index == 800 ? [row[0] + 50, row[1]] : row)
            if index == 800 {
                let expected = try #require(graded.anomaly?.expectedValues)
                #expect(abs(expected[0] - last[0] - 10) < 4, "\(expected), \(last)")
            }
            last = row
        }
        #expect(forest.lastScore > 0)
    }

    @Test("finds an anomaly in a row before the last one, with its time and values")
    func past() throws {
        // Spikes so small that some show only when a row or two came after them.
        let wave = [0.0, 5, 8.66, 10, 8.66, 5, 0, -5, -8.66, -10, -8.66, -5]
        let stream = (0..<1600).map { row in
            let spike = row >= 500 && row % 50 == 7 ? 1 + 0.01 * Double(row - 500) : 0
            return [wave[row % 12] + (row % 2 == 0 ? 0.2 : -0.2) * wave[row * 7 % 12] / 10 - spike]
        }
        var late = 0
        for seed in 1...10 as ClosedRange<UInt64> {
            let forest = try ThresholdedRandomCutForest(
                Self.configuration(dimensions: 1, shingle: 8, seed: seed)
            )
            for (index, row) in stream.enumerated() {
                guard let anomaly = try forest.process(row, at: 10 * Double(index)).anomaly else { continue }
                let place = index + anomaly.relativeIndex
                #expect(-7...0 ~= anomaly.relativeIndex)
                #expect(anomaly.values == stream[place] && anomaly.time == 10 * Double(place))
                #expect(anomaly.contributions.count == 1 && anomaly.attribution.high.count == 8)
                late += anomaly.relativeIndex < 0 ? 1 : 0
            }
        }
        #expect(late > 0)
    }

    @Test("gives the same for values in another unit, where the scale is the deviation alone")
    func unit() throws {
        let spikes = [700: (0, 60.0), 900: (1, -40.0)]
        let stream = PlantedStream(count: 1000, seed: 3, spikes: spikes)
        var small = stream
        small.rows = stream.rows.map { $0.map { $0 * 0x1p-20 } }
        for transform in [Transform.normalize, .normalizeDifference] {
            var configuration = Self.configuration(transform)
            #expect(try small.process(configuration)[700].grade == 0)
            configuration.transform.scale = .deviation(atLeast: 1e-12)
            configuration.correction.precision = 0
            let (found, other) = (try stream.process(configuration), try small.process(configuration))
            for row in found.indices {
                #expect(found[row].score == other[row].score && found[row].grade == other[row].grade)
            }
            #expect(found[700].grade > 0.9 && found[900].grade > 0.9)
        }
    }

    @Test("gives the same for values with an offset, where a mean is subtracted")
    func offset() throws {
        let stream = PlantedStream(count: 1000, seed: 3, spikes: [700: (0, 60.0), 900: (1, -40.0)])
        var far = stream
        far.rows = stream.rows.map { $0.map { $0 + 0x1p30 } }
        for transform in [Transform.subtractMovingAverage, .normalize, .difference, .normalizeDifference] {
            var configuration = Self.configuration(transform)
            configuration.correction.precision = 0
            let (found, other) = (try stream.process(configuration), try far.process(configuration))
            for row in [700, 900] {
                #expect(found[row].grade > 0.9 && other[row].grade > 0.9, "\(transform)")
                let (expected, shifted) = (
                    try #require(found[row].anomaly?.expectedValues),
                    try #require(other[row].anomaly?.expectedValues)
                )
                for dimension in 0..<2 {
                    #expect(abs(shifted[dimension] - 0x1p30 - expected[dimension]) < 6)
                }
            }
            let means = [found, other].map { $0.reduce(0) { $0 + ($1.score ?? 0) } }
            #expect(abs(means[0] / means[1] - 1) < 0.02)
        }
    }

    @Test("does not see a value with a weight of 0")
    func weight() throws {
        let stream = PlantedStream(count: 1000, seed: 3, spikes: [700: (0, 60.0), 900: (1, -40.0)])
        var configuration = Self.configuration(.normalize)
        configuration.transform.weights = [1, 0]
        let graded = try stream.process(configuration)
        #expect(graded[900].grade == 0)
        let anomaly = try #require(graded[700].anomaly)
        #expect(anomaly.contributions[1] == 0)
    }

    @Test("takes missing values by choice, and moves no scale by them")
    func missing() throws {
        let refusing = try ThresholdedRandomCutForest(Self.configuration())
        #expect(throws: ForestError.self) { try refusing.process([1, .nan]) }
        #expect(refusing.rowCount == 0)
        let stream = PlantedStream(count: 1000, seed: 3)
        var errors: [MissingValues: Double] = [:]
        for missingValues in [MissingValues.previous, .imputed] {
            var configuration = Self.configuration(.normalize)
            configuration.missingValues = missingValues
            let forest = try ThresholdedRandomCutForest(configuration)
            var confidence = 0.0
            for (index, row) in stream.rows.enumerated() {
                // Two of the first rows, then one value in five.
                let isMissing = index == 0 || index == 5 || (index > 200 && index % 5 == 0)
                let before = forest.transformer.statistics
                let graded = try forest.process(isMissing ? [row[0], .nan] : row)
                confidence = graded.dataConfidence
                guard isMissing, index > 10 else { continue }
                #expect(forest.transformer.statistics[1] == before[1])
                let filled = try #require(forest.transformer.lastRow)
                #expect(filled[0] == row[0])
                if missingValues == .previous, index % 10 == 0 {
                    #expect(filled[1] == stream.rows[index - 1][1])
                }
                errors[missingValues, default: 0] += abs(filled[1] - row[1]) / 160
            }
            // A tenth of the values is missing: 0.9 · (e^0.39 - e^0.025) / (e^0.39 - 1).
            #expect(0.84...0.87 ~= confidence, "\(confidence)")
        }
        let (previous, imputed) = (errors[.previous] ?? 0, errors[.imputed] ?? 9)
        #expect(imputed < 0.5 * previous, "\(errors)")
    }

    @Test("is the more confident the more it saw")
    func confidence() throws {
        var configuration = Self.configuration()
        configuration.forest.timeDecay = 0.01
        let forest = try ThresholdedRandomCutForest(configuration)
        let stream = PlantedStream(count: 2200, seed: 3)
        let found = try stream.rows.map { try forest.process($0).dataConfidence }
        #expect(found[0] == 0 && found[64] == 0)
        // (e^2 - e^0.64) / (e^2 - 1)
        #expect(abs(found[200] - 0.859685) < 1e-5, "\(found[200])")
        #expect(found[2100] == 1)
    }

    @Test("starts anew behind a gap")
    func gap() throws {
        let stream = PlantedStream(count: 760, seed: 3, spikes: [699: (0, 60.0)])
        for transform in [Transform.none, .difference] {
            let forest = try ThresholdedRandomCutForest(Self.configuration(transform, shingle: 4))
            for row in stream.rows[..<700] { _ = try forest.process(row) }
            #expect(forest.corrector.lastAnomaly?.index == 699)
            forest.beginShingle()
            #expect(forest.corrector.lastAnomaly == nil && forest.transformer.lastRow == nil)
            for row in stream.rows[700..<703] {
                #expect(try forest.process(row).score == nil)
            }
            let first = try forest.process(stream.rows[703])
            let score = try #require(first.score)
            #expect(score < 1.3 && first.grade == 0)
        }
    }

    @Test("refuses what it cannot judge, and is not changed by it")
    func refusals() throws {
        var configuration = Self.configuration(shingle: 2)
        configuration.forest.shingling = .external
        #expect(throws: ForestError.self) { try ThresholdedRandomCutForest(configuration) }
        let stream = PlantedStream(count: 300, seed: 3)
        let forests = try (0..<2).map { _ in try ThresholdedRandomCutForest(Self.configuration(.normalize)) }
        for row in stream.rows {
            for bad in [[1], [1, .infinity], [1, .nan], [1, 1e39]] {
                #expect(throws: ForestError.self) { try forests[0].process(bad) }
            }
            #expect(throws: ForestError.self) { try forests[0].process(row, at: .nan) }
            #expect(try forests[0].process(row) == forests[1].process(row))
        }
    }

    @Test("keeps to itself at the limits of Float", arguments: Transform.allCases)
    func limits(transform: Transform) throws {
        let largest = Double(Float.greatestFiniteMagnitude)
        let forest = try ThresholdedRandomCutForest(Self.configuration(transform, shingle: 2))
        var generator = SeededGenerator(seed: 5)
        for row in 0..<400 {
            let values = (0..<2).map { _ in
                row % 50 == 49 ? (generator.next() % 2 == 0 ? largest : -largest) : generator.normal()
            }
            let graded = try forest.process(values)
            if let score = graded.score { #expect(score.isFinite && score > 0) }
            if let expected = graded.anomaly?.expectedValues { #expect(expected.allSatisfy { $0.isFinite }) }
        }
    }
}
