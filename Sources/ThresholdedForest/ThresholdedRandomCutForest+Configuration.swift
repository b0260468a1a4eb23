public import RandomCutForest

extension ThresholdedRandomCutForest {
    /// What a thresholded forest is made of: the parameters of its parts, which stay as they are set.
    public struct Configuration: Sendable, Hashable {
        /// With internal shingling.
        public var forest: RandomCutForest.Configuration
        public var transform: PointTransformer.Parameters
        public var threshold: ScoreThresholder.Parameters
        public var correction: CorrectionParameters
        public var missingValues = MissingValues.refused

        /// The standard parameters of AWS's thresholded forest.
        ///
        /// - Parameter weights: One for each value of a row; empty for 1 each.
        public init(
            _ forest: RandomCutForest.Configuration,
            transform: Transform = .none,
            weights: [Double] = []
        ) {
            self.forest = forest
            self.transform = .init(
                transform,
                decay: forest.sampleSize > 1 ? 1 / Double(forest.sampleSize) : 0
            )
            self.transform.weights = weights
            threshold = .init(scoreDecay: forest.timeDecay)
            threshold.isTransformed = transform != .none
            threshold.scoresOverlap = forest.shingleSize > 1 || transform.isDifferenced
            correction = .init(runDecay: forest.timeDecay)
        }
    }
}
