/// What the search for missing values knows at one level of its path.
struct MissingBranch {
    enum Stage { case single, left, right }

    var node: Int
    /// Whether the cut is on a missing dimension, and which side is being searched.
    var stage: Stage
    /// What the left side gave, once the right side is searched.
    var left: MissingCandidate
}

/// A leaf that may stand in for a point with missing values.
struct MissingCandidate {
    /// The index of the leaf's point.
    var point: Int
    /// The score of the query completed by that point, among the levels seen so far.
    var rank: Double
    /// What is compared instead of the rank as far as centrality is below 1.
    var randomRank: Double
    /// The distance to the query in the dimensions that are known, summed over them.
    var distance: Double
    /// Whether the boxes from here on contain the completed query.
    var isInside: Bool

    static let none = MissingCandidate(point: -1, rank: 0, randomRank: 0, distance: 0, isInside: true)

    func adjustedRank(_ centrality: Double) -> Double {
        (1 - centrality) * randomRank + centrality * rank
    }
}
