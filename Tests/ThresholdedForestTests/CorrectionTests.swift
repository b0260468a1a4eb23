import RandomCutForest
import SeededNumbers
import Testing

@testable import ThresholdedForest

@Suite("Grades taken back")
struct CorrectionTests {
    static let spikeRow = 900

    /// What became of the row of a spike in a stream without shingles.
    func spike(
        _ height: Double = 40,
        transform: Transform = .none,
        _ change: (inout CorrectionParameters) -> Void
    ) throws -> GradedRow {
        let stream = PlantedStream(count: 901, seed: 4, spikes: [Self.spikeRow: (1, height)])
        let forest = RandomCutForest.Configuration(dimensions: 2, seed: 6)
        var configuration = ThresholdedRandomCutForest.Configuration(forest, transform: transform)
        change(&configuration.correction)
        return try stream.process(configuration)[Self.spikeRow]
    }

    @Test("say so, and leave score and threshold as they are")
    func forecast() throws {
        let graded = try spike { _ in }
        #expect(graded.grade == 1 && graded.correction == nil && graded.anomaly != nil)
        let near = try spike { $0.nearExpected = [.init(), .init(above: 60)] }
        #expect(near.grade == 0 && near.correction == .forecast && near.anomaly == nil)
        #expect(near.score == graded.score && near.threshold == graded.threshold)
    }

    @Test("near the expected value tell above from below, and one value from the other")
    func sides() throws {
        let gaps: [([NearExpected], Double, Bool)] = [
            ([.init(), .init(below: 60)], 40, false), ([.init(), .init(below: 60)], -40, true),
            ([.init(), .init(above: 60)], -40, false), ([.init(above: 60), .init()], 40, false),
            // 90 instead of 50, and 10: a half of them is above 40, and below.
            ([.init(), .init(aboveRatio: 0.5)], 40, true), ([.init(), .init(belowRatio: 0.5)], -40, false),
            ([.init(), .init(aboveRatio: 0.3)], 40, false), ([.init(), .init(belowRatio: 5)], -40, true),
        ]
        for (near, height, isTakenBack) in gaps {
            let graded = try spike(height) { $0.nearExpected = near }
            #expect((graded.correction == .forecast) == isTakenBack, "\(near), \(height)")
            #expect((graded.grade > 0) != isTakenBack)
        }
    }

    @Test("below the precision are noise")
    func noise() throws {
        // The mean is 100, or 50: a precision of 1 stands for 101, and 51.
        #expect(try spike(transform: .normalize) { $0.precision = 0.01 }.grade > 0)
        let graded = try spike(transform: .normalize) { $0.precision = 1 }
        #expect(graded.grade == 0 && graded.correction == .noise)
    }

    @Test("come from an earlier anomaly in the shingle")
    func anomalyInShingle() throws {
        let spikes = [400: (0, 60.0), 700: (1, -50.0), 1000: (0, -60.0)]
        for transform in [Transform.none, .normalize, .difference] {
            var echoes = 0
            for seed in 1...3 as ClosedRange<UInt64> {
                let stream = PlantedStream(count: 1020, seed: seed, spikes: spikes)
                let forest = RandomCutForest.Configuration(dimensions: 2, shingleSize: 4, seed: seed)
                let graded = try stream.process(.init(forest, transform: transform))
                for row in spikes.keys {
                    #expect(graded[row].grade > 0.5, "\(transform), row \(row)")
                    for echo in row + 1..<row + 4 {
                        #expect(graded[echo].grade == 0, "\(transform), row \(row)")
                        echoes += graded[echo].correction == .anomalyInShingle ? 1 : 0
                    }
                }
            }
            #expect(echoes > 9, "\(transform)")
        }
    }

    @Test("are the later ones of a run, where only the first is wanted")
    func alertOnce() throws {
        var graded: [[GradedRow]] = []
        for alertsOnce in [false, true] {
            // Each spike is larger than the one before.
            let spikes = [600: (0, 30.0), 601: (1, 60.0), 602: (0, 120.0)]
            let stream = PlantedStream(count: 610, seed: 2, spikes: spikes)
            let forest = RandomCutForest.Configuration(dimensions: 2, shingleSize: 4, seed: 3)
            var configuration = ThresholdedRandomCutForest.Configuration(forest)
            configuration.correction.alertsOnce = alertsOnce
            graded.append(Array(try stream.process(configuration)[600..<603]))
        }
        #expect(graded[0].allSatisfy { $0.grade > 0 && $0.anomaly?.relativeIndex == 0 })
        #expect(graded[1].map { $0.grade > 0 } == [true, false, false])
        #expect(graded[1][1...].allSatisfy { $0.correction == .alertOnce })
    }

    @Test("are drift, when a level lasts and adjusting is wanted")
    func drift() throws {
        let counts = try [false, true].map { adjusts in
            var graded: [GradedRow] = []
            for seed in 1...5 as ClosedRange<UInt64> {
                var generator = SeededGenerator(seed: seed)
                let forest = RandomCutForest.Configuration(dimensions: 3, seed: seed)
                var configuration = ThresholdedRandomCutForest.Configuration(forest)
                configuration.correction.adjustsAutomatically = adjusts
                configuration.threshold.adjustsAutomatically = adjusts
                let detector = try ThresholdedRandomCutForest(configuration)
                for row in 0..<820 {
                    let level = row < 800 ? 0.0 : 30
                    let found = try detector.process((0..<3).map { _ in level + generator.normal() })
                    if row >= 800 { graded.append(found) }
                }
            }
            return (
                anomalies: graded.count { $0.grade > 0 },
                drift: graded.count { $0.correction == .dataDrift },
                known: graded.count { $0.correction == .conditionalForecast }
            )
        }
        #expect(counts[0].anomalies == 100 && counts[0].drift == 0 && counts[0].known == 0, "\(counts)")
        #expect(counts[1].anomalies < 50 && counts[1].drift + counts[1].known > 50, "\(counts)")
        #expect(counts[1].drift > 0 && counts[1].known > 0, "\(counts)")
    }

    @Test("refuse parameters out of range")
    func invalid() {
        let changes: [(inout CorrectionParameters) -> Void] = [
            { $0.noiseFactor = -1 }, { $0.precision = .nan }, { $0.nearExpected = [.init()] },
            { $0.nearExpected = [.init(), .init(above: -1)] }, { $0.runDecay = 1 },
        ]
        for change in changes {
            #expect(throws: ForestError.self) { try spike(40, change) }
        }
    }

    @Test("rest on gaps that are what one computes by hand")
    func tolerance() throws {
        var transform = PointTransformer.Parameters(.subtractMovingAverage, decay: 0)
        transform.weights = [2]
        var transformer = try PointTransformer(transform, rowSize: 1)
        _ = transformer.start([[1], [3], [2]])
        var parameters = CorrectionParameters(runDecay: 0)
        // Scale 0.5, shift 2, noise 0.749073. Of the point 8, 2, 4 the first row: a path of (6 + 2) / 2 = 4, times 0.5.
        // Gap 2 + 0.001 · 2.5 + 0.001; the value 0.5 · 8 = 4 is expected within 2.0035.
        let early = Tolerance(of: [8, 2, 4], -2, transformer, parameters)
        #expect(early.holds([4.1, 0, 0]) && early.holds([11.9, 0, 0]))
        #expect(!early.holds([3.9, 0, 0]) && !early.holds([12.1, 0, 0]))
        // The newest row has no path: noise 0.749073, value 2, expected within 0.752573.
        let newest = Tolerance(of: [8, 2, 4], 0, transformer, parameters)
        #expect(newest.holds([0, 0, 2.5]) && newest.holds([0, 0, 5.5]))
        #expect(!newest.holds([0, 0, 2.49]) && !newest.holds([0, 0, 5.51]))
        parameters.noiseFactor = 2
        #expect(Tolerance(of: [8, 2, 4], 0, transformer, parameters).holds([0, 0, 1]))
        // A step stands for itself.
        #expect(Tolerance.meanStep([8, -2, 4], from: 0, by: 1, isDifferenced: true) == 5)
        #expect(Tolerance.meanStep([8, -2, 4], from: 0, by: 1, isDifferenced: false) == 8)
    }

    @Test("see the point without what the last anomaly did")
    func corrected() throws {
        var corrector = try PredictorCorrector(.init(runDecay: 0), rowSize: 1, shingleSize: 3)
        func anomaly(_ shiftChange: [Double]?) -> PredictorCorrector.LastAnomaly {
            .init(index: 0, score: 3, row: [9], expected: [1, 2, 3], shift: [0], shiftChange: shiftChange)
        }
        let plain = try PointTransformer(.init(decay: 0.5), rowSize: 1)
        #expect(corrector.corrected([2, 9, 4], 1, plain) == [2, 9, 4])
        corrector.lastAnomaly = anomaly(nil)
        // A row later the shingle begins with the expected 2, 3.
        #expect(corrector.corrected([2, 9, 4], 1, plain) == [2, 3, 4])
        #expect(corrector.corrected([9, 4, 5], 2, plain) == [3, 4, 5])
        #expect(corrector.corrected([4, 5, 6], 3, plain) == [4, 5, 6])
        // The step back from 9 to 4 is one from the expected 3.
        let steps = try PointTransformer(.init(.difference, decay: 0.5), rowSize: 1)
        #expect(corrector.corrected([2, 9, -5], 1, steps) == [2, 3, 1])
        #expect(corrector.corrected([-5, 1, 1], 3, steps) == [1, 1, 1])
        // The mean moved by 4: by 4 / e after two rows with a decay of 0.5, in a scale of 1 / 2.
        var centred = PointTransformer.Parameters(.subtractMovingAverage, decay: 0.5)
        centred.weights = [2]
        let mean = try PointTransformer(centred, rowSize: 1)
        corrector.lastAnomaly = anomaly([4])
        let found = corrector.corrected([0, 0, 0], 2, mean)
        #expect(found[0] == 3)
        #expect(abs(found[1] - 8 * 0.3678794) < 1e-5 && found[2] == found[1])
        #expect(corrector.corrected([0, 0, 0], 6, mean) == [0, 0, 0])
    }

    @Test("take a second anomaly in a shingle for one if it differs enough, computed by hand")
    func differs() throws {
        let corrector = try PredictorCorrector(.init(runDecay: 0), rowSize: 1, shingleSize: 3)
        func differs(_ high: Double, last score: Double, threshold: Double, distance: Int = 2) -> Bool {
            let last = PredictorCorrector.LastAnomaly(
                index: 0,
                score: score,
                row: [0],
                expected: nil,
                shift: [0],
                shiftChange: nil
            )
            return corrector.differs(
                Attribution(high: [9, high, 0.1], low: [0, 0, 0.2]),
                Attribution(high: [0, 0, 0.1], low: [0, 0, 0.4]),
                distance,
                last,
                threshold
            )
        }
        // 0.5 + 0.2 in the last two rows: above 0.3 · 2.3; times 3 / 2 above 1.2 · 0.87.
        #expect(differs(0.5, last: 2.3, threshold: 0.87))
        #expect(!differs(0.5, last: 2.4, threshold: 0.87))
        #expect(!differs(0.5, last: 2.3, threshold: 0.88))
        // The last row alone: 0.2, times 3.
        #expect(differs(0.5, last: 0.6, threshold: 0.49, distance: 1))
        #expect(!differs(0.5, last: 0.7, threshold: 0.49, distance: 1))
    }

    @Test("call noise what is within the precision in the units of the rows")
    func precision() throws {
        var transform = PointTransformer.Parameters(.subtractMovingAverage, decay: 0)
        transform.weights = [100]
        var transformer = try PointTransformer(transform, rowSize: 1)
        _ = transformer.start([[1], [3], [2]])
        let corrector = try PredictorCorrector(.init(runDecay: 0), rowSize: 1, shingleSize: 2)
        // 0.001 · (1 + 2) is 0.3 behind the weight.
        #expect(corrector.isNoise([0.29, -0.29], transformer))
        #expect(!corrector.isNoise([0.31, 0], transformer))
        #expect(!corrector.isNoise([0, -0.31], transformer))
    }

    @Test("are counted in a run until a row is usual by its score, and then forgotten")
    func run() {
        func judgement(_ grade: Double, _ correction: Correction? = nil) -> PredictorCorrector.Judgement {
            let row: [Float] = [0]
            var judgement = PredictorCorrector.Judgement(
                .init(index: 0, row: row, score: 1, threshold: 1, grade: grade)
            )
            if let correction { judgement.takeBack(correction) }
            return judgement
        }
        var run = AnomalyRun(rowSize: 1, decay: 0)
        run.count(judgement(1, .forecast))
        #expect(run.length == 0)
        run.count(judgement(1))
        run.count(judgement(1, .forecast))
        #expect(run.length == 2)
        for value in [4, 6] as [Float] { run.learn([value], expected: [1]) }
        // Mean 5, deviation 1: within 2. Expected 1, deviation 0: within 2 · 1 + 0.1 · 4.
        #expect(run.holds([6.9], expected: [3.3], noise: [0]))
        #expect(!run.holds([7.1], expected: [1], noise: [0]))
        #expect(run.holds([7.1], expected: nil, noise: [3]))
        #expect(!run.holds([5], expected: [3.5], noise: [0]))
        run.count(judgement(0))
        #expect(run == AnomalyRun(rowSize: 1, decay: 0))
    }
}
