import RandomCutForest

extension PredictorCorrector {
    /// A row that is judged.
    struct Candidate {
        /// The number of the row in the stream.
        let index: Int
        /// The row as the forest is given it.
        let row: [Float]
        let score: Double
        let threshold: Double
        let grade: Double
    }

    /// What became of a candidate.
    struct Judgement {
        private(set) var grade: Double
        private(set) var correction: Correction?
        /// The score that the point would have without the anomaly; the score itself where there is none.
        var correctedScore: Double
        var finding: Finding?

        init(_ candidate: Candidate) {
            grade = candidate.grade
            correctedScore = candidate.score
        }

        mutating func takeBack(_ correction: Correction) {
            grade = 0
            self.correction = correction
        }
    }

    /// Where the anomaly lies in its point.
    struct Finding {
        let attribution: Attribution
        let relativeIndex: Int
        var expected: ExpectedPoint?
    }

    /// What later rows need to know of an anomaly.
    struct LastAnomaly: Sendable, Hashable {
        let index: Int
        let score: Double
        /// The newest row of its point, transformed.
        let row: [Float]
        /// Its point with the values that should have been there.
        let expected: [Float]?
        /// What transformed values were shifted by before the anomaly was learned.
        let shift: [Double]
        /// How learning it moved the shift; nil for transforms that follow no mean.
        var shiftChange: [Double]?
    }
}
