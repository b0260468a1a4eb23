/// Random numbers for tests (SplitMix64): a seed gives the same ones in every run.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var counter: UInt64

    public init(seed: UInt64) { counter = seed }

    public mutating func next() -> UInt64 {
        counter &+= 0x9E37_79B9_7F4A_7C15
        var word = counter
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// Mean 0, deviation 1, nearly normal: the sum of twelve uniform numbers.
    public mutating func normal() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += Double.random(in: 0..<1, using: &self) }
        return sum
    }
}
