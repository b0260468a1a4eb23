/// Mean and standard deviation (n - 1) of a series, by Welford's method.
public struct Moments {
    public private(set) var count = 0
    public private(set) var mean = 0.0
    private var squares = 0.0

    public init() {}

    public mutating func add(_ value: Double) {
        count += 1
        let difference = value - mean
        mean += difference / Double(count)
        squares += difference * (value - mean)
    }

    public var deviation: Double { count > 1 ? (squares / Double(count - 1)).squareRoot() : 0 }

    /// The rule of the vectors: means agree within four standard errors and 0.01.
    public func agrees(mean other: Double, deviation otherDeviation: Double, count otherCount: Int) -> Bool {
        let variance =
            deviation * deviation / Double(count) + otherDeviation * otherDeviation / Double(otherCount)
        return abs(mean - other) < 4 * variance.squareRoot() + 0.01
    }
}
