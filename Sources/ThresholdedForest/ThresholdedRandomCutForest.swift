public import RandomCutForest

/// A random cut forest that says which rows of a stream are anomalies, where in the shingle, and what was expected.
///
/// Joins four parts, each usable or at least settable by itself: a ``PointTransformer`` brings rows to the forest's scale, a
/// `RandomCutForest` scores them, a ``ScoreThresholder`` grades the scores, and a corrector takes grades back
/// (``Correction``). A row costs a score and an update of the forest, and O(values) beside; one with a grade some attributions
/// and an imputation more.
///
/// Parts and parameters follow AWS's ThresholdedRandomCutForest (random-cut-forest-by-aws 4.3) in its standard mode. Not
/// offered: scoring by distance, and time as a dimension.
///
/// It has one owner: it is not Sendable, and no two calls may overlap.
public final class ThresholdedRandomCutForest {
    public let configuration: Configuration
    /// The forest, which is given transformed rows. Its functions that learn nothing may be used.
    public let forest: RandomCutForest
    public internal(set) var transformer: PointTransformer
    public internal(set) var thresholder: ScoreThresholder
    var corrector: PredictorCorrector
    /// Rows processed so far.
    public internal(set) var rowCount = 0

    var firstRows = FirstRows()
    var history: RowHistory
    /// Of the share of values that were there.
    var quality: DiscountedDeviation
    /// Where scores overlap, the last one.
    var lastScore = 0.0
    /// The row as the forest is given it.
    var transformed: [Float]

    public convenience init(_ configuration: Configuration) throws(ForestError) {
        try self.init(configuration, forest: try RandomCutForest(configuration.forest))
    }

    init(_ configuration: Configuration, forest: RandomCutForest) throws(ForestError) {
        let rowSize = configuration.forest.dimensions
        try require(
            configuration.forest.shingling == .internal,
            "a thresholded forest takes single rows: shingling must be internal"
        )
        self.configuration = configuration
        self.forest = forest
        transformer = try PointTransformer(configuration.transform, rowSize: rowSize)
        thresholder = try ScoreThresholder(configuration.threshold)
        corrector = try PredictorCorrector(
            configuration.correction,
            rowSize: rowSize,
            shingleSize: configuration.forest.shingleSize
        )
        history = RowHistory(capacity: configuration.forest.shingleSize)
        quality = DiscountedDeviation(discount: configuration.transform.decay)
        transformed = Array(repeating: 0, count: rowSize)
    }

    /// How far the forest is for the next row.
    public var readiness: Readiness {
        guard transformer.isStarted else {
            return .holdingRows(configuration.transform.startRows - firstRows.rows.count)
        }
        guard forest.isReady else { return .learning }
        return thresholder.isReady ? .grading : .scoring
    }

    /// Judges a row, then learns it.
    ///
    /// - Parameters:
    ///   - row: `dimensions` values within the range of Float. NaN is a missing value, where the configuration allows it.
    ///   - time: In any unit. It is handed back, and places missing values among the first rows.
    public func process(_ row: [Double], at time: Double) throws(ForestError) -> GradedRow {
        try check(row, time)
        var graded = GradedRow(
            index: rowCount,
            time: time,
            readiness: readiness,
            dataConfidence: dataConfidence
        )
        if transformer.isStarted {
            try judgeAndLearn(row, &graded)
        } else {
            try hold(row, at: time)
        }
        var present = 0
        for value in row where !value.isNaN { present += 1 }
        quality.update(Double(present) / Double(row.count))
        rowCount += 1
        return graded
    }

    /// Judges a row, then learns it. Its time is its number.
    public func process(_ row: [Double]) throws(ForestError) -> GradedRow {
        try process(row, at: Double(rowCount))
    }

    /// Tells that rows are missing between the last one and the next: no shingle and no step will span the gap, and an
    /// anomaly before it explains nothing behind it.
    public func beginShingle() {
        forest.beginShingle()
        transformer.skipGap()
        corrector.lastAnomaly = nil
    }

    /// Grows from 0 at `outputAfter` rows to 1 as the forest's memory fills, times the share of values that were there (AWS's
    /// formula): (e^(λn) - e^(λ·min(n, outputAfter))) / (e^(λn) - 1) for n rows and the time decay λ.
    private var dataConfidence: Double {
        let decay = configuration.forest.timeDecay
        let exponent = Double(rowCount) * decay
        if exponent == 0 { return 0 }
        if exponent >= 20 { return quality.mean }
        let all = exponential(exponent)
        let first = exponential(decay * Double(min(rowCount, configuration.forest.outputAfter)))
        return quality.mean * (all - first) / (all - 1)
    }
}
