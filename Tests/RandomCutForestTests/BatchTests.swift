import Dispatch
import Testing

@testable import RandomCutForest

@Suite("A batch of rows")
struct BatchTests {
    @Test("scores like row by row, to the bit, in any number of parts", arguments: [true, false])
    func sameBits(kernel: Bool) throws {
        for (dimensions, trees, samples, learned) in [
            (1, 7, 64, 300), (2, 50, 32, 200), (3, 50, 256, 900), (4, 9, 33, 100), (5, 17, 40, 150),
            (8, 64, 30, 150), (9, 65, 40, 150), (32, 70, 64, 200), (33, 130, 16, 60), (3, 5, 1, 9),
            (300, 3, 20, 90),
            // Not full yet, so that trees differ in size.
            (3, 20, 100, 80), (12, 20, 100, 80),
        ] {
            for stream in InvariantTests.Stream.allCases {
                var generator = ForestGenerator(seed: 5)
                let forest = try RandomCutForest(
                    .init(
                        dimensions: dimensions,
                        treeCount: trees,
                        sampleSize: samples,
                        initialAcceptFraction: learned < samples ? 0.2 : 1,
                        outputAfter: 1,
                        noiseFloor: dimensions == 4 ? 0.01 : 0,
                        seed: 8
                    )
                )
                forest.usesKernel = kernel
                var points: [[Float]] = []
                for row in 0..<learned {
                    points.append(InvariantTests().point(stream, dimensions, row, &generator))
                    try forest.update(points[row])
                }
                // Points that are in the trees, and others; more than one block.
                for row in 0..<50 {
                    points.append(InvariantTests().point(stream, dimensions, row, &generator))
                }
                let rows = points.suffix(133).flatMap { $0 }
                let expected = try points.suffix(133).map { try forest.score($0)?.bitPattern }
                #expect(try forest.scores(ofRows: rows)?.map(\.bitPattern) == expected)
                for parts in [1, 2, 3, 8] {
                    let scores = try Self.scores(of: rows, count: expected.count, forest, parts: parts)
                    #expect(scores.map(\.bitPattern) == expected, "\(dimensions) \(stream) in \(parts) parts")
                }
            }
        }
    }

    private static func scores(
        of rows: [Float],
        count: Int,
        _ forest: RandomCutForest,
        parts: Int
    ) throws -> [Double] {
        var scores = [Double](repeating: .nan, count: count)
        let isReady = try rows.withUnsafeBufferPointer { rows in
            try scores.withUnsafeMutableBufferPointer { scores in
                try forest.score(rows: rows, into: scores, parts: parts) { part in
                    DispatchQueue.concurrentPerform(iterations: parts, execute: part)
                }
            }
        }
        #expect(isReady)
        return scores
    }

    @Test("is scored to the end if the caller leaves parts out or runs them twice")
    func partsLeftOut() throws {
        let forest = try Self.forest()
        let rows = (0..<90).map { Float($0 % 17) }
        var scores = [Double](repeating: .nan, count: 30)
        _ = try rows.withUnsafeBufferPointer { rows in
            try scores.withUnsafeMutableBufferPointer { scores in
                try forest.score(rows: rows, into: scores, parts: 4) { part in
                    for number in [2, 2, 7, -1] { part(number) }
                }
            }
        }
        #expect(try scores == forest.scores(ofRows: rows))
    }

    @Test("changes nothing of what is learned next")
    func learnsNothing() throws {
        let (one, other) = (try Self.forest(), try Self.forest())
        _ = try one.scores(ofRows: (0..<300).map { Float($0 % 7) })
        for row in 0..<100 {
            let point = [Float(row % 5), Float(row % 3), Float(row % 11)]
            #expect(try one.scoreThenUpdate(point) == other.scoreThenUpdate(point))
        }
    }

    @Test("is refused where a value is not finite, and names its place")
    func notFinite() throws {
        let forest = try Self.forest()
        for bad in [Float.nan, .infinity, -.infinity] {
            var rows = [Float](repeating: 1, count: 300)
            rows[100] = bad
            let error = #expect(throws: ForestError.self) { try forest.scores(ofRows: rows) }
            #expect(error?.code == .notFinite)
            #expect(error?.dimension == 1)
            #expect(error?.message.contains("row 33") == true)
        }
    }

    @Test("is refused where it is not made of rows, and before the forest is ready nothing is scored")
    func wrongSize() throws {
        let forest = try Self.forest()
        #expect(throws: ForestError.self) { try forest.scores(ofRows: [1, 2, 3, 4]) }
        #expect(try forest.scores(ofRows: []) == [])
        let young = try RandomCutForest(.init(dimensions: 3))
        #expect(try young.scores(ofRows: [1, 2, 3]) == nil)
        let shingled = try RandomCutForest(.init(dimensions: 1, shingleSize: 3))
        #expect(throws: ForestError.self) { try shingled.scores(ofRows: [1, 2, 3]) }
    }

    private static func forest() throws -> RandomCutForest {
        let forest = try RandomCutForest(.init(dimensions: 3, treeCount: 20, sampleSize: 32, seed: 4))
        for row in 0..<200 { try forest.update([Float(row % 13), Float(row % 7), Float(row)]) }
        return forest
    }
}
