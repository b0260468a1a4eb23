import Testing

@testable import RandomCutForest

@Suite("The compact state of a forest")
struct CompactStateTests {
    @Test("is smaller, loads to the same bits each time, and goes on soundly", arguments: [3, 4, 11])
    func sameBits(dimensions: Int) throws {
        var generator = ForestGenerator(seed: 2)
        func row() -> [Float] { (0..<dimensions).map { _ in Float(generator.uniform()) } }
        let forest = try RandomCutForest(.init(dimensions: dimensions, sampleSize: 128, seed: 3))
        for _ in 0..<1000 { try forest.update(row()) }
        let state = forest.encodedState(.compact)
        #expect(state.count < forest.encodedState().count * 3 / 4)
        let (one, other) = (try RandomCutForest(state: state), try RandomCutForest(state: state))
        #expect(one.brokenInvariant() == nil)
        #expect(one.encodedState() == other.encodedState())
        #expect(one.encodedState(.compact) == state)
        for _ in 0..<300 {
            let row = row()
            #expect(try one.scoreThenUpdate(row) == other.scoreThenUpdate(row))
        }
        #expect(one.brokenInvariant() == nil)
        #expect(one.encodedState() == other.encodedState())
    }

    @Test("grows trees of constant streams and of many duplicates")
    func duplicates() throws {
        for stream in InvariantTests.Stream.allCases {
            var generator = ForestGenerator(seed: 4)
            let forest = try RandomCutForest(.init(dimensions: 2, treeCount: 5, sampleSize: 300, seed: 3))
            for row in 0..<700 { try forest.update(InvariantTests().point(stream, 2, row, &generator)) }
            let copy = try RandomCutForest(state: forest.encodedState(.compact))
            #expect(copy.brokenInvariant() == nil)
        }
    }

    /// One tree a forest, so that scores of different seeds are independent; the one half of the seeds gives scores of
    /// forests as they grew, the other half of loaded ones.
    @Test("scores in the distribution of the original's scores", arguments: [2, 6])
    func distribution(dimensions: Int) throws {
        // A usual point, one outside of the narrow first dimension, one outside of the wide last one, and a copy of a
        // point that trees hold.
        var usual = [Float](repeating: 0.5, count: dimensions)
        usual[dimensions - 1] = 5
        var probes = [usual, usual, usual, usual]
        probes[1][0] = 1.5
        probes[2][dimensions - 1] = 20
        probes[3] = [Float](repeating: 0.25, count: dimensions)
        var grown: [[Double]] = Array(repeating: [], count: probes.count)
        var loaded = grown
        for seed in 0..<3000 {
            var generator = ForestGenerator(seed: UInt64(seed + 10_000))
            var forest = try RandomCutForest(
                .init(
                    dimensions: dimensions,
                    treeCount: 1,
                    sampleSize: 24,
                    outputAfter: 1,
                    seed: UInt64(seed)
                )
            )
            for row in 0..<60 {
                var values = (0..<dimensions).map { _ in Float(generator.uniform()) }
                values[dimensions - 1] *= 10
                try forest.update(row % 5 == 0 ? probes[3] : values)
            }
            if seed % 2 == 0 { forest = try RandomCutForest(state: forest.encodedState(.compact)) }
            for probe in probes.indices {
                let score = try #require(try forest.score(probes[probe]))
                if seed % 2 == 0 { loaded[probe].append(score) } else { grown[probe].append(score) }
            }
        }
        for probe in probes.indices {
            let test = KolmogorovSmirnov(grown[probe], loaded[probe])
            #expect(test.statistic < test.limit, "probe \(probe) in \(dimensions) dimensions")
        }
    }
}
