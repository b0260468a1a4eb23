/// What is done to the values of a row before the forest sees them.
public enum Transform: String, Sendable, Hashable, CaseIterable {
    /// Values as they are.
    case none
    /// Values times their weights.
    case weighted
    /// The distance from the moving mean, weighted.
    case subtractMovingAverage
    /// The distance from the moving mean in units of the scale, weighted.
    case normalize
    /// The step from the row before, weighted.
    case difference
    /// The step from the row before, as its distance from the mean step in units of the steps' scale, weighted.
    case normalizeDifference

    /// Whether a value stands for a step.
    public var isDifferenced: Bool { self == .difference || self == .normalizeDifference }

    /// Whether values are divided by a scale.
    public var isNormalized: Bool { self == .normalize || self == .normalizeDifference }

    /// Whether an anomaly moves what is subtracted from the values after it.
    var followsMean: Bool { self == .normalize || self == .subtractMovingAverage }
}

/// What normalised values are divided by.
public enum NormalizationScale: Sendable, Hashable {
    /// The deviation plus a constant, in the values' unit. AWS's forests add 1: nothing is divided by 0, and values that
    /// move by much less than 1 are hardly normalised.
    case deviationPlus(Double)
    /// The deviation, but at least this much, in the values' unit: values of any size are normalised, and the caller
    /// says which differences are nothing.
    case deviation(atLeast: Double)

    func scale(_ deviation: Double) -> Double {
        switch self {
        case .deviationPlus(let constant): deviation + constant
        case .deviation(let least): max(deviation, least)
        }
    }

    var smallest: Double {
        switch self {
        case .deviationPlus(let constant): constant
        case .deviation(let least): least
        }
    }
}
