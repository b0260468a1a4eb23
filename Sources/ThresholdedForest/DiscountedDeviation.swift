/// Mean and standard deviation of a series in which a value weighs `1 - discount` times as much as the one after it.
///
/// Equal to the discounted sums Σw, Σwx and Σwx² but kept as mean and sum of squared distances (after
/// Welford 1962), so that a large offset costs no digits. O(1).
public struct DiscountedDeviation: Sendable, Hashable {
    /// What a value loses of its weight with each later one: 0 (plain statistics) to below 1.
    public let discount: Double
    /// Values seen.
    public private(set) var count = 0
    /// The discounted mean; 0 before the first value.
    public private(set) var mean = 0.0
    private(set) var weight = 0.0
    private(set) var squares = 0.0

    public init(discount: Double) {
        self.discount = discount
    }

    init(discount: Double, count: Int, mean: Double, weight: Double, squares: Double) {
        self.discount = discount
        self.count = count
        self.mean = mean
        self.weight = weight
        self.squares = squares
    }

    /// The discounted standard deviation (of the population); 0 before the second value.
    public var deviation: Double { weight > 0 ? (squares / weight).squareRoot() : 0 }

    public mutating func update(_ value: Double) {
        let kept = 1 - discount
        weight = weight * kept + 1
        let difference = value - mean
        mean += difference / weight
        squares = squares * kept + difference * (value - mean)
        count += 1
    }

    /// Forgets all values.
    public mutating func reset() { self = DiscountedDeviation(discount: discount) }
}
