/// Mean and spread of scores, taken one by one.
///
/// Source: Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products", 1962.
public struct ScoreStatistics: Sendable, Hashable {
    public private(set) var count = 0
    public private(set) var mean = 0.0
    /// The sum of the squared deviations from the mean.
    private(set) var squares = 0.0

    public init() {}

    /// - Precondition: `count` is not negative, mean and squares are finite, the latter not negative.
    init(count: Int, mean: Double, squares: Double) {
        precondition(count >= 0 && mean.isFinite && squares >= 0 && squares.isFinite)
        self.count = count
        self.mean = mean
        self.squares = squares
    }

    public mutating func learn(_ score: Double) {
        count += 1
        let difference = score - mean
        mean += difference / Double(count)
        squares += difference * (score - mean)
    }

    /// Of the scores themselves; 0 where there are none.
    public var standardDeviation: Double { count > 0 ? (squares / Double(count)).squareRoot() : 0 }

    /// The score from which a row is unusual: three standard deviations above the mean, as SageMaker's documentation
    /// of its random cut forest advises.
    public var threshold: Double { mean + 3 * standardDeviation }
}
