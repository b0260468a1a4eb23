/// The score above which a record is called anomalous.
public enum ThresholdPolicy: Sendable, Hashable {
    /// Always this one. 3.0 is customary for models without a shingle.
    case fixed(Double)
    /// Mean of the recent scores plus `deviations` of their standard deviations,
    /// never below `floor`.
    case adaptive(deviations: Double, floor: Double)

    /// Mean + 3 standard deviations, as SageMaker's documentation recommends for
    /// its random cut forest, and at least 1: scores of ordinary points lie below.
    public static let standard = ThresholdPolicy.adaptive(deviations: 3, floor: 1)
}

/// A threshold policy with what it has seen. O(1) a score.
struct ScoreThreshold: Sendable, Hashable {
    var policy: ThresholdPolicy
    private(set) var scores: RunningStatistics

    /// Scores over which the mean and deviation are taken.
    static let window: Double = 1_000
    /// Until this many scores are known, the threshold is at least `unsettled`.
    static let settlingCount: Double = 20
    static let unsettled = 1.5

    init(_ policy: ThresholdPolicy, scores: RunningStatistics = RunningStatistics()) {
        self.policy = policy
        self.scores = scores
    }

    /// The threshold for the next score; `learn` comes after.
    var value: Double {
        switch policy {
        case .fixed(let threshold): return threshold
        case .adaptive(let deviations, let floor):
            let adaptive = max(floor, scores.mean + deviations * scores.standardDeviation)
            return scores.count < Self.settlingCount ? max(adaptive, Self.unsettled) : adaptive
        }
    }

    mutating func learn(_ score: Double) {
        scores.learn(score, window: Self.window)
    }
}
