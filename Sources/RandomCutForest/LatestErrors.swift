/// The latest errors of one step and dimension, and how intervals are made of them.
struct LatestErrors: Sendable, Hashable {
    private(set) var values: [Float] = []
    private var next = 0

    var count: Int { values.count }

    mutating func append(_ error: Float, capacity: Int) {
        if values.count < capacity {
            values.append(error)
        } else {
            values[next] = error
            next = (next + 1) % capacity
        }
    }

    /// Whether so many errors have the ranks that a coverage needs.
    static func suffices(_ count: Int, _ coverage: Double, _ method: ForecastCalibrator.Method) -> Bool {
        switch method {
        case .none: true
        case .minimal: rank(count, coverage) <= count
        case .simple: tailRank(count, coverage) >= 1
        }
    }

    /// ⌈(n + 1)·coverage⌉: the next of n + 1 values that come in any order is at most the value of this rank with a
    /// probability of at least `coverage`.
    static func rank(_ count: Int, _ coverage: Double) -> Int {
        Int((Double(count + 1) * coverage - rounding).rounded(.up))
    }

    /// ⌊(n + 1)·(1 - coverage)/2⌋: the next value is below the value of this rank with at most that share, and as often
    /// above the one of this rank from the top.
    static func tailRank(_ count: Int, _ coverage: Double) -> Int {
        Int((Double(count + 1) * (1 - coverage) / 2 + rounding).rounded(.down))
    }

    /// So that 20 · 0.05 is 1.
    private static let rounding = 1e-9
}

extension ForecastCalibrator.Method {
    /// How far a value was from a forecast.
    func error(of step: Forecast.Step, _ dimension: Int, _ value: Double) -> Float {
        switch self {
        case .none, .simple: Float(value - Double(step.median[dimension]))
        // Negative inside of the interval.
        case .minimal:
            Float(max(Double(step.lower[dimension]) - value, value - Double(step.upper[dimension])))
        }
    }

    /// Moves the ends of an interval by sorted errors, if they are enough.
    func apply(_ sorted: [Float], _ coverage: Double, to step: inout Forecast.Step, _ dimension: Int) {
        guard LatestErrors.suffices(sorted.count, coverage, self) else { return }
        let median = step.median[dimension]
        switch self {
        case .none: return
        case .minimal:
            let error = sorted[LatestErrors.rank(sorted.count, coverage) - 1]
            step.lower[dimension] = min(median, step.lower[dimension] - error)
            step.upper[dimension] = max(median, step.upper[dimension] + error)
        case .simple:
            let rank = LatestErrors.tailRank(sorted.count, coverage)
            step.lower[dimension] = median + sorted[rank - 1]
            step.upper[dimension] = median + sorted[sorted.count - rank]
        }
    }
}
