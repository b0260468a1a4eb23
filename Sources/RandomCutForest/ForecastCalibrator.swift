/// Intervals for forecasts that hold a stated share of what comes, by the errors of past forecasts.
///
/// A forest's own interval says how far its trees differ. How far its forecasts miss, only what came later tells: the
/// calibrator remembers each forecast until its rows have come, keeps the latest errors by step ahead and dimension,
/// and makes intervals of their quantiles.
///
/// ```swift
/// var calibrator = try ForecastCalibrator(dimensions: 1, steps: 24, coverage: 0.9)
/// for row in rows {
///     try calibrator.observe(row)
///     try forest.update(row)
///     if let forecast = try forest.forecast(steps: 24) {
///         let calibrated = try calibrator.calibrate(forecast)
///     }
/// }
/// ```
///
/// The quantiles are those of conformal prediction: with n errors that come in any order alike, an interval holds the
/// next value with a probability of at least `coverage`, and at most 2 / (n + 1) more, whatever the distribution (Vovk,
/// Gammerman and Shafer 2005; for quantiles of both sides Romano, Patterson and Candès 2019). Streams that change
/// break the premise for as many rows as errors are kept.
public struct ForecastCalibrator: Sendable, Hashable {
    /// What is made of the errors.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// Nothing: the interval stays that of the trees.
        case none
        /// Both ends of the trees' interval move by the same amount, outwards or inwards: it stays wide where
        /// the trees differ.
        case minimal
        /// The median plus the quantiles of past errors. Where forecasts were biased the interval may lie beside
        /// the median.
        case simple
    }

    public let dimensions: Int
    /// The longest forecast, in rows.
    public let steps: Int
    /// The share of values that an interval is to hold, each dimension and step for itself.
    public let coverage: Double
    public let method: Method
    /// The errors that are kept, for each step and dimension: the latest.
    public let capacity: Int

    /// By step, then dimension.
    private var errors: [LatestErrors]
    /// The last forecasts, the oldest first: one place for each row, of which the newest is not there yet.
    private var forecasts: [Forecast?]

    /// - Parameters:
    ///   - dimensions: Values in a row.
    ///   - steps: `dimensions` times `steps` is at most ``RandomCutForest/Configuration/maximumPointDimensions``.
    ///   - coverage: Above 0 and below 1.
    ///   - method: What is made of the errors.
    ///   - capacity: At most 65,536, and enough for the coverage: 9 for 0.8, 19 for 0.9, 199 for 0.99. More make the
    ///     ends steadier, fewer follow a changing stream sooner. Each takes four bytes for each step and dimension.
    public init(
        dimensions: Int,
        steps: Int,
        coverage: Double = 0.8,
        method: Method = .simple,
        capacity: Int = 256
    ) throws(ForestError) {
        let longest = RandomCutForest.Configuration.maximumPointDimensions
        guard 1...longest ~= dimensions, 1...longest ~= steps, dimensions * steps <= longest else {
            throw ForestError(
                .invalidConfiguration,
                "dimensions times steps is \(dimensions) times \(steps), must be 1 to \(longest)"
            )
        }
        guard coverage > 0, coverage < 1 else {
            throw ForestError(.invalidConfiguration, "coverage is \(coverage), must be above 0 and below 1")
        }
        guard 1...65_536 ~= capacity, LatestErrors.suffices(capacity, coverage, method) else {
            throw ForestError(
                .invalidConfiguration,
                "capacity is \(capacity), must be at most 65536 and enough for a coverage of \(coverage)"
            )
        }
        self.dimensions = dimensions
        self.steps = steps
        self.coverage = coverage
        self.method = method
        self.capacity = capacity
        errors = Array(repeating: LatestErrors(), count: steps * dimensions)
        forecasts = []
    }

    /// Whether there are enough errors to calibrate a value so many rows ahead, from 1 on; until then the trees'
    /// interval stays.
    public func isCalibrated(stepsAhead: Int, dimension: Int = 0) -> Bool {
        guard 1...steps ~= stepsAhead, 0..<dimensions ~= dimension, method != .none else { return false }
        return LatestErrors.suffices(errors[index(stepsAhead - 1, dimension)].count, coverage, method)
    }

    /// Takes the row that came, before the forecast from it on: compares it with the forecasts that were made for it.
    ///
    /// Once for every row, whether a forecast follows or not. O(steps · dimensions).
    ///
    /// - Parameter row: Values that are not finite are missing: nothing is learned of them.
    public mutating func observe(_ row: [Float]) throws(ForestError) {
        try require(row.count)
        guard method != .none else { return }
        for (age, forecast) in forecasts.reversed().enumerated() {
            guard let forecast, age < forecast.steps.count else { continue }
            for dimension in row.indices where row[dimension].isFinite {
                let error = method.error(of: forecast.steps[age], dimension, Double(row[dimension]))
                errors[index(age, dimension)].append(error, capacity: capacity)
            }
        }
        // The place of the forecast that may be made now.
        forecasts.append(nil)
        if forecasts.count > steps { forecasts.removeFirst() }
    }

    /// A forecast with intervals by past errors; remembers it, to learn its errors.
    ///
    /// To be called at most once after each observed row: a second forecast from the same row takes the place of the first.
    /// O(steps · dimensions · capacity · log capacity).
    ///
    /// - Parameter forecast: Of at most `steps` rows, as the forest gives it, its first row the one that comes next.
    /// - Returns: The same medians. Intervals of steps that are not calibrated yet are those of the trees.
    public mutating func calibrate(_ forecast: Forecast) throws(ForestError) -> Forecast {
        guard forecast.steps.count <= steps else {
            throw ForestError(
                .invalidArgument,
                "the forecast has \(forecast.steps.count) steps, the calibrator \(steps)"
            )
        }
        for step in forecast.steps {
            for values in [step.median, step.lower, step.upper] { try require(values.count) }
        }
        guard method != .none else { return forecast }
        if forecasts.isEmpty { forecasts.append(nil) }
        forecasts[forecasts.count - 1] = forecast
        var calibrated = forecast
        for step in forecast.steps.indices {
            for dimension in 0..<dimensions {
                let sorted = errors[index(step, dimension)].values.sorted()
                method.apply(sorted, coverage, to: &calibrated.steps[step], dimension)
            }
        }
        return calibrated
    }

    /// Forgets the forecasts whose rows have not come: rows are missing between the last one and the next. The
    /// errors stay.
    public mutating func forgetForecasts() { forecasts = [] }

    private func index(_ step: Int, _ dimension: Int) -> Int { step * dimensions + dimension }

    private func require(_ count: Int) throws(ForestError) {
        guard count == dimensions else {
            throw ForestError(
                .dimensionMismatch,
                "the row has \(count) values, the calibrator \(dimensions) dimensions"
            )
        }
    }
}
