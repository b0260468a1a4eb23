import RandomCutForest
import Testing

@testable import ThresholdedForest

@Suite("The threshold of scores")
struct ScoreThresholderTests {
    /// Scores without discount: mean 0.9, deviation 0.2366432; two fell short of the mean, by 0.3 and 0.5: deviation 0.1.
    func thresholder(
        _ scores: [Double] = [1, 1.2, 0.8, 1, 0.5],
        _ change: (inout ScoreThresholder.Parameters) -> Void = { _ in }
    ) throws -> ScoreThresholder {
        var parameters = ScoreThresholder.Parameters(scoreDecay: 0)
        parameters.anomalyRate = 0
        parameters.minimumScores = 2
        change(&parameters)
        var thresholder = try ScoreThresholder(parameters)
        for score in scores { thresholder.update(score, corrected: score, last: score) }
        return thresholder
    }

    func threshold(_ thresholder: ScoreThresholder) -> Double { thresholder.decision(for: 0).threshold }

    @Test("is the mean plus the spread, and grades rise by sixteenths of it")
    func grades() throws {
        let thresholder = try thresholder()
        // Spread: 2 · √2 · 0.1 + 0.2366432.
        #expect(abs(threshold(thresholder) - 1.4194859) < 1e-7)
        // Surprise 0.347486: the floor of 6.95 sixteenths.
        #expect(thresholder.decision(for: 1.6).grade == 0.375)
        #expect(thresholder.decision(for: 1.9).grade == 1)
        #expect(thresholder.decision(for: 1.4).grade == 0)
        // Surprise 0.0395 is no grade yet: the threshold is as high as the score.
        #expect(thresholder.decision(for: 1.44) == .init(threshold: 1.44, grade: 0))
    }

    @Test("where scores overlap counts the differences of scores")
    func overlap() throws {
        // Differences are all 0: long term 0.5 · √2 · 0.1, spread 2 · 0.0707107 + 0.2366432.
        let alike = try thresholder { $0.scoresOverlap = true }
        #expect(abs(threshold(alike) - 1.2780646) < 1e-7)
        let whole = try thresholder { parameters in
            parameters.scoresOverlap = true
            parameters.scoreDifferencing = 1
        }
        #expect(abs(threshold(whole) - 1.4194859) < 1e-7)
        var steps = try thresholder([]) { $0.scoresOverlap = true }
        for last in [0.0, 1, 1, 1, 1] { steps.update(1, corrected: 1, last: last) }
        // Scores all 1; differences 1, 0, 0, 0, 0 with a deviation of 0.4: long term 0.5 · 0.4, spread 2 · 0.2.
        #expect(abs(threshold(steps) - 1.4) < 1e-12)
    }

    @Test("of transformed values falls with the mean of the scores, to a z-factor of 2")
    func transformed() throws {
        let low = try thresholder { parameters in
            parameters.isTransformed = true
            parameters.usualMean = 1.2
        }
        // z = 3 · 0.9 / 1.2 = 2.25.
        #expect(abs(threshold(low) - 1.3134199) < 1e-7)
        let least = try thresholder { parameters in
            parameters.isTransformed = true
            parameters.usualMean = 1.8
        }
        #expect(abs(threshold(least) - 1.2780646) < 1e-7)
    }

    @Test("is never below the absolute one, which may follow the mean")
    func absolute() throws {
        let fixed = try thresholder { $0.absoluteThreshold = 4 }
        #expect(threshold(fixed) == 4)
        let adjusted = try thresholder { parameters in
            parameters.absoluteThreshold = 4
            parameters.usualMean = 1.2
            parameters.adjustsAutomatically = true
        }
        #expect(abs(threshold(adjusted) - 3) < 1e-12)
    }

    @Test("goes from the initial one to that of the scores")
    func warmUp() throws {
        let one = try thresholder([1]) { $0.absoluteThreshold = 1.2 }
        #expect(!one.isReady)
        // Surprise (1.6 - 1.2) / 1.2.
        #expect(one.decision(for: 1.6) == .init(threshold: 1.5, grade: 0.375))
        #expect(one.decision(for: 1.49).grade == 0)
        let two = try thresholder([1, 1.2])
        #expect(two.isReady)
        #expect(threshold(two) == 1.5)
        // Half way: mean 1, deviation √(0.08 / 3), one shortfall only, so no deviation of them.
        let three = try thresholder([1, 1.2, 0.8])
        #expect(abs(threshold(three) - 1.3316497) < 1e-7)
    }

    @Test("an outlier is learned as 2 at most, and a constant score has a grade for anything above")
    func extremes() throws {
        let outlier = try thresholder([1, 1, 1, 1, 6])
        #expect(abs(outlier.scores.mean - 1.2) < 1e-12)
        let constant = try thresholder([1, 1, 1, 1, 1])
        #expect(threshold(constant) == 1)
        #expect(constant.decision(for: 1.001).grade == 1)
    }

    @Test("forgets scores by their decay, differences by the anomaly rate, shortfalls half as fast as scores")
    func decays() throws {
        let thresholder = try thresholder([]) { parameters in
            parameters.scoreDecay = 0.2
            parameters.anomalyRate = 0.3
        }
        #expect(thresholder.scores.discount == 0.2)
        #expect(thresholder.differences.discount == 0.3)
        #expect(thresholder.shortfalls.discount == 0.1)
    }

    @Test("refuses parameters out of range")
    func invalid() {
        let changes: [(inout ScoreThresholder.Parameters) -> Void] = [
            { $0.zFactor = 1.9 }, { $0.zFactor = .nan }, { $0.absoluteThreshold = 0 },
            { $0.initialThreshold = -1 }, { $0.usualMean = .infinity }, { $0.scoreDifferencing = 1.1 },
            { $0.minimumScores = 0 }, { $0.scoreDecay = 1 }, { $0.anomalyRate = -0.1 },
        ]
        for change in changes {
            #expect(throws: ForestError.self) { try thresholder([], change) }
        }
    }
}
