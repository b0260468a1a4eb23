public import RandomCutForest

/// Turns the scores of a stream into grades: how far a score lies above what is usual for the stream.
///
/// Knows scores only, no points and no trees. The formulas are those of AWS's thresholder (random-cut-forest-by-aws 4.3),
/// with three discounted series: the scores, the differences of corrected scores, and how far scores
/// lie below their mean. Every call is O(1) and allocates nothing.
public struct ScoreThresholder: Sendable, Hashable {
    /// What a score is held against, and what comes of it.
    public struct Decision: Sendable, Hashable {
        /// A score has a grade above 0 if and only if it is above this.
        public let threshold: Double
        /// 0, not an anomaly, to 1.
        public let grade: Double
    }

    public let parameters: Parameters
    var scores: DiscountedDeviation
    var differences: DiscountedDeviation
    var shortfalls: DiscountedDeviation

    /// One outlier does not raise the mean by more than this.
    static let largestLearnedScore = 2.0

    public init(_ parameters: Parameters) throws(ForestError) {
        try parameters.validate()
        self.parameters = parameters
        scores = DiscountedDeviation(discount: parameters.scoreDecay)
        differences = DiscountedDeviation(discount: parameters.anomalyRate)
        // Slower, to last over a run of high scores.
        shortfalls = DiscountedDeviation(discount: parameters.scoreDecay / 2)
    }

    /// Whether scores enough were seen to know their deviation; before that grades rest on fixed thresholds.
    public var isReady: Bool { scores.count >= parameters.minimumScores }

    /// The threshold and the grade of a score. Learns nothing.
    public func decision(for score: Double) -> Decision {
        let maturity = maturity
        let factor = zFactor
        let spread = (factor - 1) * longTermDeviation + scores.deviation
        let absolute = absoluteThreshold(maturity)
        let initial = parameters.initialThreshold
        let adaptive = maturity * (scores.mean + spread) + (1 - maturity) * initial
        let threshold = max(absolute, isReady ? adaptive : initial)
        guard score >= threshold else { return Decision(threshold: threshold, grade: 0) }
        let grade = Self.grade(surprise: surprise(score, above: threshold, spread: spread))
        return Decision(threshold: grade > 0 ? threshold : score, grade: grade)
    }

    /// Learns a score.
    ///
    /// - Parameters:
    ///   - score: As the forest gave it.
    ///   - corrected: What the score would have been without the anomaly, or the same as `score`.
    ///   - last: The score before, or 0 where scores do not overlap.
    public mutating func update(_ score: Double, corrected: Double, last: Double) {
        let learned = min(score, Self.largestLearnedScore)
        let shortfall = scores.mean - learned
        if shortfall > 0 { shortfalls.update(shortfall) }
        scores.update(learned)
        differences.update(corrected - last)
    }

    /// 0 at `minimumScores`, 1 from above twice as many on: how far the threshold has gone from the initial to the adaptive one.
    private var maturity: Double {
        let (count, minimum) = (scores.count, parameters.minimumScores)
        if count <= minimum { return 0 }
        return count > 2 * minimum ? 1 : Double(count - minimum) / Double(minimum)
    }

    private var zFactor: Double {
        var factor = parameters.zFactor
        if parameters.isTransformed, scores.mean < parameters.usualMean {
            factor *= scores.mean / parameters.usualMean
        }
        return max(Parameters.minimumZFactor, factor)
    }

    /// Scores reach far up and not far down, so the deviation below the mean, times √2, is a measure that anomalies
    /// do not raise.
    private var longTermDeviation: Double {
        let below = 2.0.squareRoot() * shortfalls.deviation
        guard parameters.scoresOverlap else { return min(below, scores.deviation) }
        let share = parameters.scoreDifferencing
        let steady = min(scores.deviation, max(differences.deviation, below))
        return share * steady + (1 - share) * differences.deviation
    }

    private func absoluteThreshold(_ maturity: Double) -> Double {
        let absolute = parameters.absoluteThreshold
        guard parameters.adjustsAutomatically, maturity >= 1, scores.mean < parameters.usualMean else {
            return absolute
        }
        return absolute * scores.mean / parameters.usualMean
    }

    /// 0 at the threshold, 1 a whole spread above it.
    private func surprise(_ score: Double, above threshold: Double, spread: Double) -> Double {
        guard isReady else {
            let absolute = parameters.absoluteThreshold
            return min(1, max(0, (score - absolute) / absolute))
        }
        return spread > 0 ? min(1, (score - threshold) / spread) : 1
    }

    /// In steps of 1/16, the first at a surprise of 0.05; 1 from 0.8 on.
    private static func grade(surprise: Double) -> Double { min(1, (20 * surprise).rounded(.down) / 16) }
}
