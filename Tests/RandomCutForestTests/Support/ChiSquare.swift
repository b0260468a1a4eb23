import Foundation

/// Pearson's test of counts against probabilities.
struct ChiSquare {
    private(set) var statistic = 0.0
    private(set) var degrees = -1

    /// - Parameter probabilities: They sum up to 1. Classes that expect fewer than five counts are taken as one.
    init(counts: [Double], probabilities: [Double]) {
        let total = counts.reduce(0, +)
        var (rareCount, rareExpected) = (0.0, 0.0)
        for (count, probability) in zip(counts, probabilities) {
            let expected = total * probability
            if expected < 5 {
                rareCount += count
                rareExpected += expected
            } else {
                add(count, expected)
            }
        }
        if rareExpected > 1 { add(rareCount, rareExpected) }
    }

    private mutating func add(_ count: Double, _ expected: Double) {
        statistic += (count - expected) * (count - expected) / expected
        degrees += 1
    }

    /// What the statistic exceeds once in a million times where the probabilities are true (Wilson and Hilferty 1931).
    var limit: Double {
        let share = 2 / (9 * Double(max(1, degrees)))
        return Double(max(1, degrees)) * pow(1 - share + 4.75 * share.squareRoot(), 3)
    }
}
