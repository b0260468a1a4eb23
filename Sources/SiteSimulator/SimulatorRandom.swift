/// SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"), and what is drawn
/// from it. Only additions, multiplications, divisions and square roots are used, so that the same seed gives
/// the same bits on every machine.
struct SimulatorRandom: Sendable {
    private var state: UInt64
    /// The polar method makes two normal numbers at a time.
    private var spare: Double?

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// At least 0, below 1.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// At least 0, below `bound`, which is positive.
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    mutating func chance(_ probability: Double) -> Bool {
        unit() < probability
    }

    /// Exponential with mean 1.
    mutating func exponential() -> Double {
        -Elementary.logarithm(1 - unit())
    }

    /// Normal with mean 0 and standard deviation 1: Marsaglia's polar method.
    mutating func normal() -> Double {
        if let number = spare {
            spare = nil
            return number
        }
        while true {
            let x = 2 * unit() - 1
            let y = 2 * unit() - 1
            let square = x * x + y * y
            guard square > 0, square < 1 else { continue }
            let factor = (-2 * Elementary.logarithm(square) / square).squareRoot()
            spare = y * factor
            return x * factor
        }
    }

    /// Log-normal: the median times e to a normal number of standard deviation `spread`.
    mutating func logNormal(median: Double, spread: Double) -> Double {
        median * Elementary.exponential(spread * normal())
    }

    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        for index in result.indices.dropFirst().reversed() {
            result.swapAt(index, below(index + 1))
        }
        return result
    }
}

/// Logarithm and exponential to some twelve digits. Those of the C library differ between processors in the last
/// bit, and a simulation must not.
enum Elementary {
    private static let logarithmOf2 = 0.693_147_180_559_945_3

    /// The natural logarithm of a positive, normal number: 2 artanh((m - 1) / (m + 1)) + e ln 2.
    static func logarithm(_ x: Double) -> Double {
        var exponent = Double(x.exponent)
        var significand = x.significand
        if significand > 1.414_213_562_373_095 {
            significand /= 2
            exponent += 1
        }
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        var sum = 0.0
        for odd in stride(from: 19.0, through: 1, by: -2) {
            sum = sum * square + 1 / odd
        }
        return 2 * ratio * sum + exponent * logarithmOf2
    }

    /// e to a number within ±700: 2 to the nearest integer, times the Taylor sum of what remains.
    static func exponential(_ x: Double) -> Double {
        let power = (x / logarithmOf2).rounded()
        let rest = x - power * logarithmOf2
        var sum = 1.0
        for degree in stride(from: 11.0, through: 1, by: -1) {
            sum = 1 + sum * rest / degree
        }
        return Double(sign: .plus, exponent: Int(power), significand: sum)
    }
}
