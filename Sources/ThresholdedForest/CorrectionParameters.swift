import RandomCutForest

/// When an anomaly by score is none. The defaults are those of AWS's thresholded forest.
public struct CorrectionParameters: Sendable, Hashable {
    /// Values within this many times their noise of the expected one are no anomaly.
    public var noiseFactor = 1.0
    /// Differences below `precision * (1 + |shift|)`, in the units of the rows, are none. For values much smaller than 1
    /// a smaller number, or 0.
    public var precision = 1e-3
    /// Differences from the expected value that do not matter, for each value of a row; empty for none.
    public var nearExpected: [NearExpected] = []
    /// Whether runs of like anomalies, and points that some trees know, are taken as usual.
    public var adjustsAutomatically = false
    /// Whether of anomalies that follow each other within a shingle only the first is reported.
    public var alertsOnce = false
    /// The discount of the statistics of a run of anomalies: the forest's time decay.
    public var runDecay: Double

    /// A second anomaly in a shingle must differ by this share of the first one's score.
    static let differentialShare = 0.3
    /// And by this factor exceed the threshold, extended to the whole shingle.
    static let differentialFactor = 1.2
    /// Anomalies in a row before they may be taken as drift.
    static let runAllowed = 2
    /// The share of trees that must know a point like it.
    static let supportingShare = 0.1

    public init(runDecay: Double) {
        self.runDecay = runDecay
    }

    func validate(rowSize: Int) throws(ForestError) {
        try require(
            noiseFactor >= 0 && noiseFactor.isFinite,
            "noiseFactor is \(noiseFactor), must be 0 or above"
        )
        try require(
            precision >= 0 && precision.isFinite,
            "precision is \(precision), must be 0 or above"
        )
        try require(
            nearExpected.isEmpty || nearExpected.count == rowSize,
            "\(nearExpected.count) gaps near the expected value are not one for each of \(rowSize) values"
        )
        for gaps in nearExpected { try gaps.validate() }
        try require(0...1 ~= runDecay && runDecay < 1, "runDecay is \(runDecay), must be 0 to below 1")
    }
}
