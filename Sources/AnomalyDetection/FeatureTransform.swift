import RandomCutForest

/// How a raw value becomes a coordinate, before normalisation.
public enum FeatureTransform: Sendable, Hashable {
    /// The value as it is.
    case identity

    /// `log(1 + max(0, x) / scale)`: for times and sizes, whose ratios matter and
    /// not their differences. `scale` is the smallest value worth telling from 0,
    /// in the field's own unit.
    case logarithm(scale: Double)

    /// 1 where `lower <= x < upper`, else 0: for status classes.
    case indicator(lower: Double, upper: Double)

    /// The change since the entity's record before: for counters that only grow.
    /// A counter that falls was reset, and gives its new value, as in Prometheus'
    /// `increase`.
    case difference

    /// The coordinate of `value`. NaN, which stands for a missing value, stays NaN.
    ///
    /// `difference` is the identity here: the detector, which knows the record
    /// before, subtracts.
    func apply(_ value: Double) -> Double {
        switch self {
        case .identity, .difference: value
        case .logarithm(let scale):
            // `max` would turn a missing value into 0.
            value > 0 ? naturalLogarithm(1 + value / scale) : value * 0
        case .indicator(let lower, let upper):
            value.isNaN ? value : (value >= lower && value < upper ? 1 : 0)
        }
    }

    /// The raw value whose coordinate is `coordinate`.
    func invert(_ coordinate: Double) -> Double {
        switch self {
        case .identity, .difference, .indicator: coordinate
        case .logarithm(let scale): max(0, (exponential(coordinate) - 1) * scale)
        }
    }
}
