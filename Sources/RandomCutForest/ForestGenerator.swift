/// The forest's source of randomness: xoshiro256** (Blackman and Vigna, 2018), seeded by SplitMix64.
///
/// Version 1. The same seed gives the same numbers on every machine, and for ever: another algorithm
/// would be another version.
struct ForestGenerator: RandomNumberGenerator, Sendable, Hashable {
    static let version = 1

    var state: (UInt64, UInt64, UInt64, UInt64)

    init(seed: UInt64) {
        var counter = seed
        func split() -> UInt64 {
            counter &+= 0x9E37_79B9_7F4A_7C15
            var word = counter
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
        let first = split()
        let second = split()
        let third = split()
        state = (first, second, third, split())
    }

    @inline(__always)
    mutating func next() -> UInt64 {
        let scrambled = state.1 &* 5
        let result = (scrambled << 7 | scrambled >> 57) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }

    /// Uniform on the open interval from 0 to 1: a multiple of 2⁻⁵³ plus half of one, so neither end comes.
    @inline(__always)
    mutating func uniform() -> Double {
        (Double(Int64(bitPattern: next() >> 11)) + 0.5) * 0x1p-53
    }

    /// Exponential with mean 1.
    @inline(__always)
    mutating func exponential() -> Double {
        -naturalLogarithm(uniform())
    }

    static func == (left: Self, right: Self) -> Bool {
        left.state == right.state
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(state.0)
        hasher.combine(state.1)
        hasher.combine(state.2)
        hasher.combine(state.3)
    }
}
