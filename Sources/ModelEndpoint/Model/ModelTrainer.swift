public import RandomCutForest

/// Makes a model of rows that come one by one, in memory that does not depend on their number. One owner.
public struct ModelTrainer {
    private let settings: TrainingSettings
    private let featureNames: [String]
    private let forest: RandomCutForest
    private var scores = ScoreStatistics()
    /// The last rows, one after the other, at most a shingle of them.
    private var shingle: [Double] = []
    public private(set) var rowCount = 0

    /// Rows that a model needs before it gives scores.
    public static let leastPointCount = 16

    /// - Parameter featureNames: of the values of a row, at least one.
    public init(featureNames: [String], _ settings: TrainingSettings) throws(ForestError) {
        self.featureNames = featureNames
        self.settings = settings
        forest = try RandomCutForest(
            .init(
                dimensions: featureNames.count,
                shingleSize: settings.shingleSize,
                // The endpoint gets whole shingles: what it answers does not depend on requests before.
                shingling: .external,
                treeCount: settings.treeCount,
                sampleSize: settings.sampleSize,
                timeDecay: settings.timeDecay,
                outputAfter: min(Self.leastPointCount, settings.sampleSize),
                seed: settings.seed
            )
        )
    }

    /// Learns the next row, which follows the one before.
    ///
    /// - Throws: for a row of another size, or with a value that is not finite; nothing is learnt then.
    public mutating func learn(_ row: some Collection<Double>) throws {
        let size = featureNames.count
        guard row.count == size else {
            throw EndpointError(.wrongDimensions, "a row has \(row.count) values, those before it \(size)")
        }
        guard row.allSatisfy(\.isFinite) else {
            throw EndpointError(.notFinite, "a value is not finite")
        }
        if shingle.count == size * settings.shingleSize { shingle.removeFirst(size) }
        shingle.append(contentsOf: row)
        rowCount += 1
        guard shingle.count == size * settings.shingleSize else { return }
        // While the trees grow, scores say little of those to come.
        let isGrown = forest.isFull
        if let score = try forest.scoreThenUpdate(shingle), isGrown { scores.learn(score) }
    }

    /// The model of the rows so far.
    ///
    /// - Throws: `untrained` where they are too few.
    public consuming func finish() throws(ModelFileError) -> TrainedModel {
        guard forest.isReady else {
            let needed = min(Self.leastPointCount, settings.sampleSize) + settings.shingleSize - 1
            throw ModelFileError(.untrained, "\(rowCount) rows to learn, at least \(needed) are needed")
        }
        return TrainedModel(
            description: ModelDescription(
                featureNames: featureNames,
                shingleSize: settings.shingleSize,
                trainedRowCount: rowCount,
                trainingScores: scores
            ),
            forest: forest
        )
    }
}
