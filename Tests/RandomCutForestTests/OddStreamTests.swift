import ForestTestSupport
import Testing

@testable import RandomCutForest

@Suite("Streams that other forests fail on")
struct OddStreamTests {
    @Test("finds a deviation of 8 sigma in epoch seconds with a spread of 5, and keeps usual values apart")
    func largeOffset() throws {
        for offset in [1.7e9, -1.7e12, 1.7e15] {
            var generator = ForestGenerator(seed: 4)
            func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + generator.uniform() } }
            let forest = try RandomCutForest(.init(dimensions: 1, seed: 1))
            let plain = try RandomCutForest(.init(dimensions: 1, seed: 1))
            var mean = 0.0
            for row in 0..<2000 {
                // An outlier among the first rows must not move the origin.
                let value = row == 3 ? offset * 100 : offset + 5 * normal()
                let score = try forest.scoreThenUpdate([value])
                try plain.update([row == 3 ? Float(offset * 99) : Float(value - offset)])
                if row >= 1000 { mean += (score ?? 0) / 1000 }
            }
            #expect(mean > 0.6 && mean < 1.1)
            let outlier = try #require(try forest.score([offset + 40]))
            #expect(outlier > 2, "offset \(offset) scores \(outlier)")
            let shifted = try #require(try plain.score([Float(40)]))
            #expect(abs(outlier - shifted) < 0.3)
        }
    }

    @Test("a first row far out does not blind the forest for small values")
    func firstRowFarOut() throws {
        let forest = try RandomCutForest(.init(dimensions: 1, seed: 2))
        for row in 0..<1000 { try forest.update([row == 0 ? 1e30 : Double(row % 50) / 50]) }
        #expect(try #require(try forest.score([4.0])) > 1.5)
        #expect(try #require(try forest.score([0.5])) < 1.2)
    }

    @Test("rows as Double and as Float may be mixed, and the held rows are learned once")
    func mixed() throws {
        let forest = try RandomCutForest(.init(dimensions: 2, seed: 3))
        for row in 0..<5 { try forest.update([Double(row), 1]) }
        #expect(forest.updateCount == 5)
        #expect(forest.livePointCount == 0)
        try forest.update([Float(7), 1])
        #expect(forest.updateCount == 6)
        #expect(forest.livePointCount == 6)
        for row in 0..<100 { try forest.update([Double(row % 7), 1]) }
        #expect(forest.brokenInvariant() == nil)
        let one = try #require(try forest.score([Double(3), 1]))
        #expect(try forest.score([Float(3), 1]) == one)
        #expect(try #require(try forest.attribution([Double(3), 1])).score.isFinite)
        #expect(throws: ForestError.self) { try forest.update([Double.nan, 1]) }
        #expect(throws: ForestError.self) { try forest.score([Double(1)]) }
    }

    @Test(
        "after a constant stream the same value scores low, a different one high, one within the noise floor low"
    )
    func constant() throws {
        for (floor, near) in [(0.0, true), (0.1, false)] {
            let forest = try RandomCutForest(.init(dimensions: 2, noiseFloor: floor, seed: 5))
            for _ in 0..<1000 { try forest.update([Float(5), 100]) }
            let same = try #require(try forest.score([Float(5), 100]))
            let slightly = try #require(try forest.score([Float(5.001), 100]))
            let different = try #require(try forest.score([Float(6), 100]))
            #expect(abs(same - 0.5) < 1e-3)
            #expect(different > 8)
            #expect((slightly > 8) == near)
            let attribution = try #require(try forest.attribution([Float(6), 100]))
            #expect(attribution.high[0] > 7.9)
        }
    }

    @Test("the order of dimensions changes nothing beyond randomness")
    func dimensionOrder() throws {
        var generator = ForestGenerator(seed: 6)
        let points = (0..<600).map { _ in
            [Float(generator.uniform()), Float(generator.uniform()) * 10, Float(generator.next() % 3)]
        }
        for probe in [[0.5, 5, 1], [0.5, 30, 1], [2, 5, 1]] as [[Float]] {
            var (forward, backward) = (Moments(), Moments())
            for seed in 0..<60 {
                let one = try RandomCutForest(.init(dimensions: 3, treeCount: 20, seed: UInt64(seed)))
                let other = try RandomCutForest(
                    .init(dimensions: 3, treeCount: 20, seed: UInt64(seed) + 1000)
                )
                for point in points {
                    try one.update(point)
                    try other.update(Array(point.reversed()))
                }
                forward.add(try #require(try one.score(probe)))
                backward.add(try #require(try other.score(Array(probe.reversed()))))
            }
            #expect(forward.agrees(mean: backward.mean, deviation: backward.deviation, count: backward.count))
        }
    }
}
