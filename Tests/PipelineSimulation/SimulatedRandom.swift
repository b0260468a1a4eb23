import SeededNumbers

/// SplitMix64 with the choices that a simulation makes. A seed names one course of events.
public struct SimulatedRandom: RandomNumberGenerator {
    private var generator: SeededGenerator

    public init(seed: UInt64) {
        generator = SeededGenerator(seed: seed &* 0x2545_f491_4f6c_dd1d &+ 0x9e37_79b9_7f4a_7c15)
    }

    public mutating func next() -> UInt64 { generator.next() }

    mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < probability
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
}
