import ForestTestSupport
import Foundation
import Testing

@testable import RandomCutForest

@Suite("The forest against trees grown by the definition")
struct ReferenceTests {
    static func points(_ kind: String) -> [[Float]] {
        var generator = ForestGenerator(seed: 31)
        return (0..<400).map { _ in
            kind == "integers"
                ? [Float(generator.next() % 5), Float(generator.next() % 3)]
                : [Float(generator.uniform()), Float(generator.uniform() * generator.uniform()) * 3]
        }
    }

    static let probes: [[Float]] = [[0.5, 0.5], [2, 1], [-1, 0.2], [0.9, 2.9], [6, 6]]

    /// Means over many forests that have learned a stream by inserting and deleting.
    @Test(
        "after insertions and deletions the scores are those of trees grown anew",
        arguments: ["reals", "integers"]
    )
    func scores(kind: String) throws {
        let points = Self.points(kind)
        var streamed = Array(repeating: Moments(), count: Self.probes.count)
        var grown = streamed
        var generator = XorshiftGenerator(seed: 77)
        for seed in 0..<300 {
            let forest = try RandomCutForest(
                .init(dimensions: 2, treeCount: 8, sampleSize: 32, timeDecay: 0.01, seed: UInt64(seed))
            )
            for point in points { try forest.update(point) }
            // The same samples, in trees grown from nothing.
            let trees = (0..<8).map { tree in
                let sample = (0..<32).map { slot in
                    let place = forest.points.coordinates(forest.sampler.point(tree, slot))
                    return [Double(place[0]), Double(place[1])]
                }
                return ReferenceTree(sample, &generator)
            }
            for (index, probe) in Self.probes.enumerated() {
                streamed[index].add(try #require(try forest.score(probe)))
                let point = probe.map { Double($0) }
                let sum = trees.reduce(0.0) { $0 + $1.score(point, depth: 0, of: 32, log2) }
                grown[index].add(sum / 8 * log2(33))
            }
        }
        for index in Self.probes.indices {
            let variance = (pow(streamed[index].deviation, 2) + pow(grown[index].deviation, 2)) / 300
            let difference = abs(streamed[index].mean - grown[index].mean)
            #expect(difference < 4 * variance.squareRoot() + 0.002, "\(Self.probes[index]): \(difference)")
        }
    }

    @Test("ages in the samples follow the time decay")
    func ages() throws {
        // The point's value is its time. In the steady state age a is held with probability 1 - exp(-θ·exp(-λa)).
        let (decay, samples) = (0.01, 64)
        var theta = 1.0
        func expected(_ theta: Double, _ from: Int, _ to: Int) -> Double {
            (from..<to).reduce(0.0) { $0 + 1 - exp(-theta * exp(-decay * Double($1))) }
        }
        var (low, high) = (0.0, 10.0)
        for _ in 0..<60 {
            theta = (low + high) / 2
            if expected(theta, 0, 5000) < Double(samples) { low = theta } else { high = theta }
        }
        var counts = Array(repeating: 0.0, count: 5)
        let edges = [0, 20, 60, 120, 250, 5000]
        let trees = 400
        let forest = try RandomCutForest(
            .init(dimensions: 1, treeCount: trees, sampleSize: samples, timeDecay: decay, seed: 8)
        )
        for time in 0..<3000 { try forest.update([Float(time)]) }
        for tree in 0..<trees {
            for slot in 0..<samples {
                let age = 2999 - Int(forest.points.coordinates(forest.sampler.point(tree, slot))[0])
                for bin in 0..<5 where age >= edges[bin] && age < edges[bin + 1] { counts[bin] += 1 }
            }
        }
        for bin in 0..<5 {
            let mean = expected(theta, edges[bin], edges[bin + 1])
            let found = counts[bin] / Double(trees)
            #expect(
                abs(found - mean) < 5 * (mean / Double(trees)).squareRoot() + 0.01 * mean,
                "\(bin): \(found) \(mean)"
            )
        }
    }
}

/// A second generator, so that the reference shares no randomness with the forest.
struct XorshiftGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed | 1 }

    mutating func next() -> UInt64 {
        // Marsaglia's xorshift64, multiplied (Vigna 2016).
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 2_685_821_657_736_338_717
    }
}
