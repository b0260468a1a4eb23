/// What is known of a trained model besides its trees.
public struct ModelDescription: Sendable, Hashable {
    /// The values of one training row, in their order.
    public var featureNames: [String]
    /// Training rows that make up one row to score, the newest last: 1 unless the model was trained with a shingle.
    public var shingleSize: Int
    /// Rows that the model learnt.
    public var trainedRowCount: Int
    /// Of the training rows, each scored before it was learnt; the first ones, by which the trees grew, left out.
    public var trainingScores: ScoreStatistics

    public init(
        featureNames: [String],
        shingleSize: Int = 1,
        trainedRowCount: Int = 0,
        trainingScores: ScoreStatistics = ScoreStatistics()
    ) {
        self.featureNames = featureNames
        self.shingleSize = shingleSize
        self.trainedRowCount = trainedRowCount
        self.trainingScores = trainingScores
    }

    /// Values in a row to score.
    public var dimensions: Int { featureNames.count * shingleSize }
}
