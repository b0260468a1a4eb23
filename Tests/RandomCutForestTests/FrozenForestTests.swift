import Dispatch
import RandomCutForest
import Synchronization
import Testing

@Suite struct FrozenForestTests {
    /// Rows of which the first value is far from 0, so that the forest moves its origin.
    private func rows(_ count: Int, dimensions: Int, seed: UInt64) -> [[Double]] {
        var state = seed
        func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 40) / Double(1 << 24)
        }
        return (0..<count).map { _ in
            (0..<dimensions).map { $0 == 0 ? 1.7e9 + 5 * next() : next() }
        }
    }

    private func trained(_ dimensions: Int, samples: Int = 64) throws -> RandomCutForest {
        let forest = try RandomCutForest(
            .init(dimensions: dimensions, treeCount: 30, sampleSize: samples, seed: 3)
        )
        for row in rows(500, dimensions: dimensions, seed: 1) { try forest.update(row) }
        return forest
    }

    @Test(
        "scores are to the bit those of the forest, for any number of rows, with and without the kernel",
        arguments: [1, 3, 4, 5, 33],
        [true, false]
    )
    func sameScores(dimensions: Int, usesKernel: Bool) throws {
        let asked = rows(200, dimensions: dimensions, seed: 2)
        let peer = try trained(dimensions)
        let expected = try asked.map { try #require(try peer.score($0)) }
        let forest = try trained(dimensions)
        forest.usesKernel = usesKernel
        let scorer = try FrozenForest(forest).makeScorer()
        for count in [0, 1, 2, 6, 7, 8, 63, 64, 65, 200] {
            var scores = [Double](repeating: .nan, count: count)
            try asked[..<count].flatMap(\.self).withUnsafeBufferPointer { rows in
                try scores.withUnsafeMutableBufferPointer { try scorer.score(rows: rows, into: $0) }
            }
            #expect(scores == Array(expected[..<count]), "\(count)")
        }
    }

    @Test("many threads score at once, each with its scorer")
    func threads() throws {
        let asked = rows(40, dimensions: 3, seed: 5).flatMap(\.self)
        let frozen = try FrozenForest(try trained(3))
        @Sendable func scores(_ scorer: FrozenForest.Scorer) -> [Double] {
            var scores = [Double](repeating: .nan, count: 40)
            asked.withUnsafeBufferPointer { rows in
                scores.withUnsafeMutableBufferPointer { try? scorer.score(rows: rows, into: $0) }
            }
            return scores
        }
        let expected = scores(frozen.makeScorer())
        let differences = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 6) { _ in
            let scorer = frozen.makeScorer()
            for _ in 0..<300 where scores(scorer) != expected { differences.add(1, ordering: .relaxed) }
        }
        #expect(!expected.contains(where: \.isNaN) && differences.load(ordering: .relaxed) == 0)
    }

    @Test("a forest that cannot score rows by themselves is not frozen, and rows that are none are refused")
    func refusals() throws {
        #expect(throws: ForestError.self) {
            _ = try FrozenForest(RandomCutForest(.init(dimensions: 1)))
        }
        #expect(throws: ForestError.self) {
            let shingled = try RandomCutForest(.init(dimensions: 1, shingleSize: 4, sampleSize: 16))
            for value in 0..<200 { try shingled.update([Float(value % 7)]) }
            _ = try FrozenForest(shingled)
        }
        let scorer = try FrozenForest(try trained(3)).makeScorer()
        for (rows, code) in [([1.0, 2], ForestError.Code.dimensionMismatch), ([1, .nan, 3], .notFinite)] {
            var scores = [0.0]
            let error = #expect(throws: ForestError.self) {
                try rows.withUnsafeBufferPointer { rows in
                    try scores.withUnsafeMutableBufferPointer { try scorer.score(rows: rows, into: $0) }
                }
            }
            #expect(error?.code == code)
        }
    }
}
