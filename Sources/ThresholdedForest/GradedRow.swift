public import RandomCutForest

/// What a thresholded forest makes of a row.
public struct GradedRow: Sendable, Hashable {
    /// The number of the row in the stream, from 0 on.
    public let index: Int
    /// The time that came with the row.
    public let time: Double
    /// How far the forest was when it judged the row.
    public let readiness: Readiness
    /// The forest's score; nil while it gives none.
    public internal(set) var score: Double?
    /// What the score was held against; nil without a score.
    public internal(set) var threshold: Double?
    /// 0, no anomaly, to 1. Above 0 exactly if there is an ``anomaly``.
    public internal(set) var grade = 0.0
    /// Why the grade is 0 although the score is above the threshold; nil otherwise.
    public internal(set) var correction: Correction?
    /// How much there was to judge by, 0 to 1: grows with the rows seen, falls with the share of missing values.
    public let dataConfidence: Double
    /// What is anomalous; nil with the grade 0.
    public internal(set) var anomaly: Anomaly?

    init(index: Int, time: Double, readiness: Readiness, dataConfidence: Double) {
        self.index = index
        self.time = time
        self.readiness = readiness
        self.dataConfidence = dataConfidence
    }
}

extension GradedRow {
    /// Where an anomaly lies, and what was expected instead.
    public struct Anomaly: Sendable, Hashable {
        /// The row of the shingle that makes it: 0 is the newest, -1 the one before it.
        public let relativeIndex: Int
        /// The time of that row.
        public let time: Double
        /// The values of that row, in the units of the rows.
        public let values: [Double]
        /// What they should have been: those that make the anomaly are imputed, the others as they are. Nil where too
        /// many would have to be guessed: see ``RandomCutForest/RandomCutForest/expectedPoint(_:)``.
        public let expectedValues: [Double]?
        /// The score split over the whole shingle, oldest row first, transformed values.
        public let attribution: Attribution
        /// What each value of the row at ``relativeIndex`` adds to the score.
        public let contributions: [Double]
    }
}
