/// How well a model tells labelled rows apart: those with a score above its threshold are taken for anomalies.
public struct Evaluation: Sendable, Hashable {
    /// Rows with a label other than 0, above the threshold and not.
    public private(set) var (truePositives, falseNegatives) = (0, 0)
    /// Rows with the label 0.
    public private(set) var (falsePositives, trueNegatives) = (0, 0)

    public init() {}

    public mutating func add(isAnomalous: Bool, isAboveThreshold: Bool) {
        switch (isAnomalous, isAboveThreshold) {
        case (true, true): truePositives += 1
        case (true, false): falseNegatives += 1
        case (false, true): falsePositives += 1
        case (false, false): trueNegatives += 1
        }
    }

    public var rowCount: Int { truePositives + falseNegatives + falsePositives + trueNegatives }

    // Shares of nothing are 0.
    public var accuracy: Double { Self.share(truePositives + trueNegatives, of: rowCount) }
    public var precision: Double { Self.share(truePositives, of: truePositives + falsePositives) }
    public var recall: Double { Self.share(truePositives, of: truePositives + falseNegatives) }
    public var fScore: Double {
        Self.share(2 * truePositives, of: 2 * truePositives + falsePositives + falseNegatives)
    }

    private static func share(_ part: Int, of whole: Int) -> Double {
        whole > 0 ? Double(part) / Double(whole) : 0
    }
}
