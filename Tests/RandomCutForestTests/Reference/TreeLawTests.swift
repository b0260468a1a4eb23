import Testing

@testable import RandomCutForest

@Suite("The law of the trees, after insertions and deletions")
struct TreeLawTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var points: [[Float]]
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "five in one dimension", points: [[0], [1], [1.5], [4], [10]]),
        Case(name: "four in a plane", points: [[0, 0], [3, 0.5], [1, 1], [2, 4]]),
        Case(name: "ties in each dimension", points: [[0, 0], [0, 1], [2, 0], [2, 1], [1, 0.5]]),
        Case(
            name: "three in six dimensions",
            points: [[0, 0, 0, 1, 2, 9], [1, 2, 3, 1, 2, 3], [0, 5, 1, 7, 2, 4]]
        ),
    ]

    /// 10,000 trees that hold the points, the first of them twice, after others that were replaced.
    func forest(_ points: [[Float]], seed: UInt64) throws -> RandomCutForest {
        let forest = try RandomCutForest(
            .init(
                dimensions: points[0].count,
                treeCount: 10_000,
                sampleSize: points.count + 1,
                timeDecay: 0,
                seed: seed
            )
        )
        var generator = ForestGenerator(seed: 12)
        // Of little weight, so that the points replace them; around the points and among them.
        for _ in 0..<3 * points.count {
            let other = points[0].indices.map { _ in Float(generator.uniform() * 30 - 10) }
            try forest.update(other, samplingWeight: 0x1p-25)
        }
        for point in points + [points[0]] { try forest.update(point) }
        return forest
    }

    @Test("every shape of a tree is as likely as the definition says", arguments: cases)
    func shapes(example: Case) throws {
        let law = TreeLaw.shapes(of: example.points)
        #expect(abs(law.values.reduce(0, +) - 1) < 1e-9)
        let forest = try forest(example.points, seed: 5)
        var counts: [String: Double] = [:]
        for tree in 0..<10_000 {
            if let shape = TreeLaw.shape(forest, tree: tree, of: example.points) {
                counts[shape, default: 0] += 1
            }
        }
        #expect(counts.values.reduce(0, +) > 9900)
        #expect(counts.keys.allSatisfy { law[$0] != nil }, "a shape that cannot be")
        let shapes = law.keys.sorted()
        let test = ChiSquare(
            counts: shapes.map { counts[$0] ?? 0 },
            probabilities: shapes.map { law[$0] ?? 0 }
        )
        #expect(test.degrees >= 5 && test.statistic < test.limit, "\(test), at most \(test.limit)")
    }

    @Test("a cut falls anywhere between two points alike")
    func places() throws {
        let points = Self.cases[0].points
        let forest = try forest(points, seed: 6)
        var counts = [Double](repeating: 0, count: 12)
        for tree in 0..<10_000 where TreeLaw.shape(forest, tree: tree, of: points) != nil {
            // The widest gap, from 4 to 10.
            let cut = forest.trees.nodes(tree)[0].cut
            if cut >= 4 { counts[min(11, Int((cut - 4) * 2))] += 1 }
        }
        let test = ChiSquare(counts: counts, probabilities: Array(repeating: 1.0 / 12, count: 12))
        #expect(test.degrees == 11 && test.statistic < test.limit, "\(test), at most \(test.limit)")
    }
}
