import RandomCutForest

extension PointTransformer {
    public struct Parameters: Sendable, Hashable {
        public var transform: Transform
        /// One for each value of a row, 0 or 1e-30 to 1e30; empty for 1 each. With ``Transform/none`` all are 1.
        public var weights: [Double] = []
        /// The discount of the moving statistics, 0 to below 1: they reach back some 1 / decay rows.
        public var decay: Double
        /// What normalised values are divided by.
        public var scale = NormalizationScale.deviationPlus(1)
        /// Normalised values lie between minus this and this, before weights.
        public var clip = 100.0
        /// Rows that are held back until there are so many: their common statistics transform them. From 1 on.
        public var startRows = 10

        public init(_ transform: Transform = .none, decay: Double) {
            self.transform = transform
            self.decay = decay
        }

        func validate(rowSize: Int) throws(ForestError) {
            try require(
                weights.isEmpty || weights.count == rowSize,
                "\(weights.count) weights are not one for each of \(rowSize) values"
            )
            for weight in weights {
                let isUsable = weight == 0 || 1e-30...1e30 ~= weight
                try require(isUsable, "a weight is \(weight), must be 0 or 1e-30 to 1e30")
                try require(
                    transform != .none || weight == 1,
                    "a weight is \(weight) without a transform: it takes Transform.weighted"
                )
            }
            try require(0...1 ~= decay && decay < 1, "decay is \(decay), must be 0 to below 1")
            let least = scale.smallest
            try require(least > 0 && least.isFinite, "the scale may be \(least), must be above 0")
            try require(clip > 0 && clip.isFinite, "clip is \(clip), must be above 0")
            try require(1...10_000 ~= startRows, "startRows is \(startRows), must be 1 to 10000")
        }
    }
}
