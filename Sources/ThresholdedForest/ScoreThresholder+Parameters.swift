import RandomCutForest

extension ScoreThresholder {
    /// How scores become grades. The defaults are those of AWS's thresholded forest.
    public struct Parameters: Sendable, Hashable {
        /// Deviations above the mean at which a score is an anomaly, at least ``minimumZFactor``.
        public var zFactor = 3.0
        /// No score below this is an anomaly. 0.5 to 1 in units of the score, where usual points have 0.6 to 1.
        public var absoluteThreshold = 0.8
        /// The threshold until scores enough were seen.
        public var initialThreshold = 1.5
        /// Where the mean of the scores is below this, transformed values' z-factor is lowered in proportion (and the
        /// absolute threshold, with `adjustsAutomatically`).
        public var usualMean = 0.9
        /// How much the deviation of scores counts beside that of their differences, 0 to 1, where neighbouring
        /// scores are alike.
        public var scoreDifferencing = 0.5
        /// Scores before which deviations say nothing; from twice as many on they alone count.
        public var minimumScores = 10
        /// Whether the absolute threshold follows a low mean of the scores.
        public var adjustsAutomatically = false
        /// The discount of scores: the forest's time decay.
        public var scoreDecay: Double
        /// The discount of the differences of scores: how often anomalies are expected.
        public var anomalyRate = 0.01
        /// Whether the forest is given transformed values.
        public var isTransformed = false
        /// Whether neighbouring scores share rows: by shingles, or by differences.
        public var scoresOverlap = false

        public static let minimumZFactor = 2.0

        public init(scoreDecay: Double) {
            self.scoreDecay = scoreDecay
        }

        func validate() throws(ForestError) {
            try require(Self.minimumZFactor...1000 ~= zFactor, "zFactor is \(zFactor), must be 2 to 1000")
            try require(
                absoluteThreshold > 0 && absoluteThreshold.isFinite,
                "absoluteThreshold is \(absoluteThreshold), must be above 0"
            )
            try require(
                initialThreshold > 0 && initialThreshold.isFinite,
                "initialThreshold is \(initialThreshold), must be above 0"
            )
            try require(
                usualMean > 0 && usualMean.isFinite,
                "usualMean is \(usualMean), must be above 0"
            )
            try require(
                0...1 ~= scoreDifferencing,
                "scoreDifferencing is \(scoreDifferencing), must be 0 to 1"
            )
            try require(
                1...1_000_000 ~= minimumScores,
                "minimumScores is \(minimumScores), must be 1 to 1000000"
            )
            try require(
                0...1 ~= scoreDecay && scoreDecay < 1,
                "scoreDecay is \(scoreDecay), must be 0 to below 1"
            )
            try require(
                0...1 ~= anomalyRate && anomalyRate < 1,
                "anomalyRate is \(anomalyRate), must be 0 to below 1"
            )
        }
    }
}

func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(ForestError) {
    guard condition else { throw ForestError(.invalidConfiguration, message()) }
}
