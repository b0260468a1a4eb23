extension RandomCutForest {
    /// What a forest is made of. It does not change during the forest's life, except for the time decay.
    public struct Configuration: Sendable, Hashable {
        /// Values in one row of input, from 1 on.
        public var dimensions: Int
        /// Rows that make up one point, the newest last. With 1 each row is a point of its own.
        ///
        /// `dimensions * shingleSize` is at most ``maximumPointDimensions``.
        public var shingleSize: Int
        /// Who puts the rows of a shingle together.
        public var shingling: Shingling
        /// 1 to 10,000.
        public var treeCount: Int
        /// Points that each tree holds: 1 to 32,768.
        public var sampleSize: Int
        /// The rate λ at which older points lose weight: the weight of a point halves in ln 2 / λ updates. 0 keeps
        /// a uniform sample of everything seen.
        public var timeDecay: Double
        /// The share of the sample that is filled by accepting every point; above it, points are
        /// accepted with falling probability until the tree is full.
        public var initialAcceptFraction: Double
        /// Rows to be learned before scores are given, from 1 on.
        public var outputAfter: Int
        /// Values are rounded to multiples of this: differences below half of it do not count. 0 takes values as
        /// they are.
        ///
        /// A forest knows no scale but that of its points. After a constant stream any different value, however near,
        /// gets the highest score; the noise floor says what is near.
        public var noiseFloor: Double
        /// Where the forest's randomness starts. The same seed and the same input give the same bits.
        public var seed: UInt64
        /// Whether each stored point remembers when it came: see ``RandomCutForest/Neighbor/sequenceNumber``.
        public var keepsSequenceNumbers: Bool

        /// - Parameters:
        ///   - timeDecay: By default 0.1 / sampleSize.
        ///   - outputAfter: By default a quarter of the sample size, at least 1.
        public init(
            dimensions: Int,
            shingleSize: Int = 1,
            shingling: Shingling = .internal,
            treeCount: Int = 50,
            sampleSize: Int = 256,
            timeDecay: Double? = nil,
            initialAcceptFraction: Double = 1.0,
            outputAfter: Int? = nil,
            noiseFloor: Double = 0,
            seed: UInt64 = 0,
            keepsSequenceNumbers: Bool = false
        ) {
            self.dimensions = dimensions
            self.shingleSize = shingleSize
            self.shingling = shingling
            self.treeCount = treeCount
            self.sampleSize = sampleSize
            self.timeDecay = timeDecay ?? 0.1 / Double(max(1, sampleSize))
            self.initialAcceptFraction = initialAcceptFraction
            self.outputAfter = outputAfter ?? max(1, sampleSize / 4)
            self.noiseFloor = noiseFloor
            self.seed = seed
            self.keepsSequenceNumbers = keepsSequenceNumbers
        }

        /// The longest point, in values.
        public static let maximumPointDimensions = 16_384

        /// Values in one point: dimensions times shingle size.
        public var pointDimensions: Int { dimensions * shingleSize }

        /// Values in what is scored and learned: one row, or with external shingling the whole point.
        public var inputDimensions: Int { shingling == .internal ? dimensions : pointDimensions }

        func validate() throws(ForestError) {
            func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(ForestError) {
                guard condition else { throw ForestError(.invalidConfiguration, message()) }
            }
            let longest = Self.maximumPointDimensions
            try require(dimensions >= 1, "dimensions is \(dimensions), must be at least 1")
            try require(shingleSize >= 1, "shingleSize is \(shingleSize), must be at least 1")
            try require(
                dimensions <= longest && shingleSize <= longest && pointDimensions <= longest,
                "dimensions times shingleSize is \(dimensions) times \(shingleSize), must be at most \(longest)"
            )
            try require(1...10_000 ~= treeCount, "treeCount is \(treeCount), must be 1 to 10000")
            try require(1...32_768 ~= sampleSize, "sampleSize is \(sampleSize), must be 1 to 32768")
            try require(0...1 ~= timeDecay, "timeDecay is \(timeDecay), must be 0 to 1")
            try require(
                0...1 ~= initialAcceptFraction,
                "initialAcceptFraction is \(initialAcceptFraction), must be 0 to 1"
            )
            try require(
                noiseFloor >= 0 && Float(noiseFloor).isFinite,
                "noiseFloor is \(noiseFloor), must be 0 or a positive number"
            )
            try require(outputAfter >= 1, "outputAfter is \(outputAfter), must be at least 1")
        }
    }
}
