import Testing

@testable import RandomCutForest

@Suite("Long runs")
struct LongRunTests {
    /// Small trees are cheap to check whole, and change with nearly every point.
    @Test("every invariant holds after each of a million random operations")
    func millionOperations() throws {
        var generator = ForestGenerator(seed: 41)
        var operations = 0
        var round = 0
        while operations < 1_000_000 {
            let dimensions = [1, 2, 3, 4, 5, 9][round % 6]
            let shingle = round % 4 == 3 ? 2 : 1
            let forest = try RandomCutForest(
                .init(
                    dimensions: dimensions,
                    shingleSize: shingle,
                    treeCount: 1 + round % 2,
                    sampleSize: 1 + Int(generator.next() % 9),
                    timeDecay: [0, 0.01, 0.3][round % 3],
                    initialAcceptFraction: round % 5 == 0 ? 0.3 : 1,
                    outputAfter: 1,
                    seed: generator.next()
                )
            )
            forest.usesKernel = round % 2 == 0
            let stream = InvariantTests.Stream.allCases[round % 5]
            for row in 0..<4000 {
                let point = InvariantTests().point(stream, dimensions, row, &generator)
                switch generator.next() % 5 {
                case 0: _ = try forest.score(point)
                case 1: _ = try forest.attribution(point)
                case 2: _ = try forest.scoreThenUpdate(point)
                default: try forest.update(point)
                }
                operations += 1
                if let broken = forest.brokenInvariant() {
                    Issue.record("round \(round), row \(row), \(stream): \(broken)")
                    return
                }
            }
            round += 1
        }
    }

    @Test("weights stay in range when a fast decay runs for long")
    func fastDecay() throws {
        let forest = try RandomCutForest(
            .init(dimensions: 1, treeCount: 3, sampleSize: 8, timeDecay: 1, seed: 1)
        )
        for row in 0..<20_000 {
            try forest.update([Float(row % 1000)])
            if row % 500 == 0, let broken = forest.brokenInvariant() {
                Issue.record("row \(row): \(broken)")
                return
            }
        }
        // With λ = 1 a sample of eight reaches some dozen points back.
        #expect(try #require(try forest.score([Float(995)])) < 1.5)
        #expect(try #require(try forest.score([Float(100)])) > 1.5)
    }
}
