import Foundation

/// The largest distance between the distribution functions of two samples.
struct KolmogorovSmirnov {
    let statistic: Double
    /// What the statistic exceeds less than once in a million times where both samples are of one distribution (the
    /// asymptotic law; ties make it rarer).
    let limit: Double

    init(_ one: [Double], _ other: [Double]) {
        let (one, other) = (one.sorted(), other.sorted())
        var (first, second) = (0, 0)
        var largest = 0.0
        while first < one.count, second < other.count {
            let value = min(one[first], other[second])
            while first < one.count, one[first] == value { first += 1 }
            while second < other.count, other[second] == value { second += 1 }
            largest = max(
                largest,
                abs(Double(first) / Double(one.count) - Double(second) / Double(other.count))
            )
        }
        statistic = largest
        let size = Double(one.count * other.count) / Double(one.count + other.count)
        limit = (-log(0.5e-6) / (2 * size)).squareRoot()
    }
}
