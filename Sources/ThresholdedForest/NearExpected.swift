import RandomCutForest

/// Differences from the expected value that do not matter, in the units of the rows.
public struct NearExpected: Sendable, Hashable {
    /// A value above the expected one by no more than this is no anomaly.
    public var above = 0.0
    /// A value below the expected one by no more than this is no anomaly.
    public var below = 0.0
    /// The same as a share of the value's magnitude.
    public var aboveRatio = 0.0
    public var belowRatio = 0.0

    public init(above: Double = 0, below: Double = 0, aboveRatio: Double = 0, belowRatio: Double = 0) {
        self.above = above
        self.below = below
        self.aboveRatio = aboveRatio
        self.belowRatio = belowRatio
    }

    func validate() throws(ForestError) {
        for gap in [above, below, aboveRatio, belowRatio] {
            try require(
                gap >= 0 && gap.isFinite,
                "a gap near the expected value is \(gap), must be 0 or above"
            )
        }
    }
}
