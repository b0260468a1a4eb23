import Testing

@testable import RandomCutForest

@Suite("The saved state of a forest")
struct StateTests {
    static let shapes: [(dimensions: Int, shingle: Int, trees: Int, samples: Int)] = [
        (1, 1, 3, 16), (3, 1, 9, 40), (5, 1, 3, 33), (2, 5, 4, 20), (20, 1, 2, 17), (1, 1, 2, 1),
        (2, 1, 1, 300),
    ]

    static func forest(_ index: Int, decay: Double? = nil) throws -> RandomCutForest {
        let shape = shapes[index]
        return try RandomCutForest(
            .init(
                dimensions: shape.dimensions,
                shingleSize: shape.shingle,
                treeCount: shape.trees,
                sampleSize: shape.samples,
                timeDecay: decay,
                initialAcceptFraction: index % 2 == 0 ? 1 : 0.3,
                outputAfter: 12,
                seed: 7
            )
        )
    }

    @Test(
        "goes on with the same bits as if it had never stopped",
        arguments: InvariantTests.Stream.allCases,
        [false, true]
    )
    func sameBits(stream: InvariantTests.Stream, double: Bool) throws {
        var generator = ForestGenerator(seed: 5)
        for shape in Self.shapes.indices {
            let original = try Self.forest(shape, decay: shape == 1 ? 0.5 : nil)
            var copy = try RandomCutForest(state: original.encodedState())
            for row in 0..<500 {
                let point = InvariantTests().point(stream, Self.shapes[shape].dimensions, row, &generator)
                // Epoch seconds, far from 0, where the rows are Double.
                let wide = point.map { Double($0) + 1_700_000_000 }
                switch generator.next() % 4 {
                case 0:
                    let both =
                        double
                        ? (try original.score(wide), try copy.score(wide))
                        : (try original.score(point), try copy.score(point))
                    #expect(both.0 == both.1)
                case 1:
                    let both =
                        double
                        ? (try original.attribution(wide), try copy.attribution(wide))
                        : (try original.attribution(point), try copy.attribution(point))
                    #expect(both.0?.high == both.1?.high && both.0?.low == both.1?.low)
                case 2:
                    let both =
                        double
                        ? (try original.scoreThenUpdate(wide), try copy.scoreThenUpdate(wide))
                        : (try original.scoreThenUpdate(point), try copy.scoreThenUpdate(point))
                    #expect(both.0 == both.1)
                default:
                    if double {
                        try original.update(wide)
                        try copy.update(wide)
                    } else {
                        try original.update(point)
                        try copy.update(point)
                    }
                }
                guard row < 40 || row % 23 == 0 else { continue }
                let state = copy.encodedState()
                #expect(state == original.encodedState())
                copy = try RandomCutForest(state: state)
                #expect(copy.brokenInvariant() == nil)
                #expect(copy.encodedState() == state)
            }
        }
    }
}
