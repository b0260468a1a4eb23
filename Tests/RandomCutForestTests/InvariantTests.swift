import Testing

@testable import RandomCutForest

@Suite("Invariants of the forest")
struct InvariantTests {
    enum Stream: String, CaseIterable, Sendable {
        case smooth, integers, constant, powers, clusters
    }

    func point(_ stream: Stream, _ dimensions: Int, _ row: Int, _ generator: inout ForestGenerator) -> [Float]
    {
        (0..<dimensions).map { _ in
            switch stream {
            case .smooth: Float(generator.uniform())
            case .integers: Float(generator.next() % 4)
            case .constant: row % 97 == 96 ? 1 : 0
            case .powers: Float(sign: .plus, exponent: Int(generator.next() % 120) - 60, significand: 1)
            case .clusters: Float(generator.next() % 2) * 10 + Float(generator.uniform()) * 0.01
            }
        }
    }

    @Test("hold after every operation on streams of every kind", arguments: Stream.allCases)
    func hold(stream: Stream) throws {
        var generator = ForestGenerator(seed: 11)
        for (dimensions, shingle, trees, samples) in [
            (1, 1, 3, 16), (3, 1, 9, 40), (4, 1, 2, 5), (5, 1, 3, 33), (2, 5, 4, 20), (20, 1, 2, 17),
            (1, 1, 2, 1),
            (2, 1, 1, 700),
        ] {
            let forest = try RandomCutForest(
                .init(
                    dimensions: dimensions,
                    shingleSize: shingle,
                    treeCount: trees,
                    sampleSize: samples,
                    timeDecay: dimensions == 4 ? 0.5 : nil,
                    initialAcceptFraction: dimensions == 3 ? 0.125 : 1,
                    seed: 3
                )
            )
            for row in 0..<(samples > 100 ? 1500 : 600) {
                let point = point(stream, dimensions, row, &generator)
                if row % 2 == 0 { try forest.update(point) } else { _ = try forest.scoreThenUpdate(point) }
                let check = samples <= 100 || row % 31 == 0
                if check, let broken = forest.brokenInvariant() {
                    Issue.record("\(stream) \(dimensions)x\(shingle), row \(row): \(broken)")
                    return
                }
            }
            #expect(forest.isFull)
        }
    }
}
