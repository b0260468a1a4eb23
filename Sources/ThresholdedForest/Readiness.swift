/// How far a thresholded forest is.
public enum Readiness: Sendable, Hashable {
    /// The first rows are held back until their statistics are known: so many more.
    case holdingRows(Int)
    /// The forest learns and gives no scores yet.
    case learning
    /// Scores are given; grades rest on fixed thresholds until there were scores enough.
    case scoring
    /// Grades rest on the scores seen.
    case grading
}
