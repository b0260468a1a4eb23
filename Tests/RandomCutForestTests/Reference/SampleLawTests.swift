import ForestTestSupport
import Foundation
import Testing

@testable import RandomCutForest

@Suite("The law of the samples")
struct SampleLawTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var decay: Double
        /// From row 200 on.
        var laterDecay: Double
        /// Of every third row; the others have 1.
        var weight = 1.0
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "uniform", decay: 0, laterDecay: 0),
        Case(name: "decaying", decay: 0.01, laterDecay: 0.01),
        Case(name: "decaying faster later", decay: 0.002, laterDecay: 0.03),
        Case(name: "decaying slower later", decay: 0.05, laterDecay: 0.005),
        Case(name: "weighted", decay: 0.005, laterDecay: 0.005, weight: 5),
    ]

    static let (rows, samples, trees) = (300, 20, 4000)

    /// The rows that a sample holds, by the definition: those of the smallest E / (weight · e^(λt)).
    func sample(_ example: Case, _ generator: inout XorshiftGenerator) -> [Int] {
        var logarithm = 0.0
        let keys = (0..<Self.rows).map { row in
            logarithm += row < 200 ? example.decay : example.laterDecay
            let weight = row % 3 == 0 ? example.weight : 1
            return log(-log(Double.random(in: .leastNonzeroMagnitude..<1, using: &generator)) / weight)
                - logarithm
        }
        return Array((0..<Self.rows).sorted { keys[$0] < keys[$1] }.prefix(Self.samples))
    }

    @Test("samples hold rows of any age and weight as often as the definition says", arguments: cases)
    func ages(example: Case) throws {
        let forest = try RandomCutForest(
            .init(
                dimensions: 1,
                treeCount: Self.trees,
                sampleSize: Self.samples,
                timeDecay: example.decay,
                seed: 9
            )
        )
        for row in 0..<Self.rows {
            if row == 200 { try forest.setTimeDecay(example.laterDecay) }
            try forest.update([Float(row)], samplingWeight: row % 3 == 0 ? example.weight : 1)
        }
        // Thirty rows a class, the weighted ones apart.
        var (found, expected) = (
            [Moments](repeating: Moments(), count: 20), [Moments](repeating: Moments(), count: 20)
        )
        func add(_ rows: [Int], to moments: inout [Moments]) {
            var counts = [Double](repeating: 0, count: 20)
            for row in rows { counts[row / 30 * 2 + (row % 3 == 0 ? 1 : 0)] += 1 }
            for index in counts.indices { moments[index].add(counts[index]) }
        }
        var generator = XorshiftGenerator(seed: 13)
        for tree in 0..<Self.trees {
            let rows = (0..<Self.samples).map { slot in
                Int(forest.points.coordinates(forest.sampler.point(tree, slot))[0])
            }
            #expect(Set(rows).count == Self.samples)
            add(rows, to: &found)
            add(sample(example, &generator), to: &expected)
        }
        for (index, (one, other)) in zip(found, expected).enumerated() {
            let variance =
                (one.deviation * one.deviation + other.deviation * other.deviation) / Double(Self.trees)
            #expect(
                abs(one.mean - other.mean) <= 4.5 * variance.squareRoot(),
                "class \(index): \(one.mean), not \(other.mean)"
            )
        }
    }
}
