public import RandomCutForest

/// Transforms the rows of a stream for a forest, and what a forest expects back to the rows' units.
///
/// A layer of its own: it knows no forest. ``start(_:)`` takes the first rows together; then each row is transformed by what
/// was learned before it, and learned by ``update(_:)``. The transforms and their moving statistics are those of
/// AWS's thresholded forest (random-cut-forest-by-aws 4.3). Every call is O(values of a row).
public struct PointTransformer: Sendable, Hashable {
    public let parameters: Parameters
    /// Values in a row.
    public let rowSize: Int
    /// The row that was learned last; nil before the first, and after a gap.
    public internal(set) var lastRow: [Double]?
    var statistics: [ValueStatistics]
    public internal(set) var isStarted = false

    public init(_ parameters: Parameters, rowSize: Int) throws(ForestError) {
        try require(rowSize >= 1, "rowSize is \(rowSize), must be at least 1")
        try parameters.validate(rowSize: rowSize)
        self.parameters = parameters
        self.rowSize = rowSize
        statistics = Array(repeating: ValueStatistics(decay: parameters.decay), count: rowSize)
    }

    /// Learns the first rows, and transforms all of them by what they have in common: the first of a stream would have
    /// nothing to be compared with.
    ///
    /// - Parameter rows: Some rows of `rowSize` finite values, `parameters.startRows` as a rule.
    public mutating func start(_ rows: [[Double]]) -> [[Float]] {
        let common = (0..<rowSize).map { dimension in
            ValueStatistics(column: rows.lazy.map { $0[dimension] }, decay: parameters.decay)
        }
        isStarted = true
        return rows.map { row in
            var transformed = [Float](repeating: 0, count: rowSize)
            for dimension in 0..<rowSize {
                transformed[dimension] = self.transformed(row[dimension], dimension, by: common[dimension])
            }
            update(row)
            return transformed
        }
    }

    /// Transforms a row by what was learned. Learns nothing.
    public func transformed(_ row: [Double]) -> [Float] {
        var transformed = [Float](repeating: 0, count: rowSize)
        transform(row, into: &transformed)
        return transformed
    }

    /// Transforms a row into one that is at hand.
    public func transform(_ row: [Double], into transformed: inout [Float]) {
        for dimension in 0..<rowSize {
            transformed[dimension] = self.transformed(row[dimension], dimension, by: statistics[dimension])
        }
    }

    /// Takes values of a forest back to the units of the rows, by what is known now: the inverse of ``transformed(_:)``,
    /// but for values that were clipped or have no weight.
    ///
    /// - Parameter previous: The row before, which differences are added to; by default the last one.
    public func restored(_ values: [Float], previous: [Double]? = nil) -> [Double] {
        let previous = previous ?? lastRow
        return (0..<rowSize).map { dimension in
            let step = parameters.transform.isDifferenced ? previous?[dimension] ?? 0 : 0
            return Double(values[dimension]) * scale(dimension) + center(statistics[dimension]) + step
        }
    }

    /// Learns a row. A value that is NaN is missing: it moves no statistics.
    ///
    /// - Parameter filled: The row with something in the place of each missing value, which the next row's steps start from.
    public mutating func update(_ row: [Double], filled: [Double]? = nil) {
        for dimension in 0..<rowSize where !row[dimension].isNaN {
            let step = lastRow.map { row[dimension] - $0[dimension] }
            statistics[dimension].update(value: row[dimension], step: step)
        }
        lastRow = filled ?? row
    }

    /// Rows are missing before the next one: its steps are 0.
    public mutating func skipGap() { lastRow = nil }

    /// A value of a row is `transformed * scale + shift`. 0 for a weight of 0.
    public func scale(_ dimension: Int) -> Double {
        let weight = weight(dimension)
        return weight == 0 ? 0 : divisor(statistics[dimension]) / weight
    }

    /// A value of a row is `transformed * scale + shift`.
    public func shift(_ dimension: Int) -> Double {
        let step = parameters.transform.isDifferenced ? lastRow?[dimension] ?? 0 : 0
        return center(statistics[dimension]) + step
    }

    /// How far a value moves from row to row, usually, in its own unit: the smoothed deviation of steps.
    public func noise(_ dimension: Int) -> Double { statistics[dimension].noise }

    private func transformed(_ value: Double, _ dimension: Int, by known: ValueStatistics) -> Float {
        var value = value
        if parameters.transform.isDifferenced { value = lastRow.map { value - $0[dimension] } ?? 0 }
        value = (value - center(known)) / divisor(known)
        if parameters.transform.isNormalized { value = min(max(value, -parameters.clip), parameters.clip) }
        let weighted = Float(value * weight(dimension))
        return min(max(weighted, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
    }

    private func weight(_ dimension: Int) -> Double {
        parameters.weights.isEmpty ? 1 : parameters.weights[dimension]
    }

    private func center(_ known: ValueStatistics) -> Double {
        switch parameters.transform {
        case .none, .weighted, .difference: 0
        case .subtractMovingAverage, .normalize: known.values.mean
        case .normalizeDifference: known.steps.mean
        }
    }

    private func divisor(_ known: ValueStatistics) -> Double {
        switch parameters.transform {
        case .none, .weighted, .subtractMovingAverage, .difference: 1
        case .normalize: parameters.scale.scale(known.deviations.mean)
        case .normalizeDifference: parameters.scale.scale(known.steps.deviation)
        }
    }
}
