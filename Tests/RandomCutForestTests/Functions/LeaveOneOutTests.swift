import Testing

@testable import RandomCutForest

@Suite("A score that leaves equal points out")
struct LeaveOneOutTests {
    func forest(_ dimensions: Int, _ generator: inout ForestGenerator) throws -> (RandomCutForest, [[Float]])
    {
        let forest = try RandomCutForest(
            .init(dimensions: dimensions, treeCount: 13, sampleSize: 64, seed: 9)
        )
        var rows: [[Float]] = []
        for _ in 0..<200 {
            rows.append((0..<dimensions).map { _ in Float(generator.uniform() * 4).rounded(.down) })
            try forest.update(rows[rows.count - 1])
        }
        return (forest, rows)
    }

    /// Deletes all samples of a point from the trees where at most `mass` share its leaf; true if a tree is left
    /// without points.
    func delete(_ row: [Float], upTo mass: Int, _ forest: RandomCutForest) throws {
        try row.withUnsafeBufferPointer { try forest.accept($0) }
        let (trees, walk, query, sampler) = (forest.trees, forest.walk, forest.query, forest.sampler)
        let gone = forest.plan.gone
        for tree in 0..<trees.treeCount {
            var left = 1
            repeat {
                walk.set(0, tree, trees)
                gone[0] = UnsafePointer(query.values)
                trees.descendEach(1, gone, walk)
                let leaf = trees.nodes(tree)[walk.node(0, walk.depth(0))]
                left = trees.mass(tree, leaf, sampler)
                let equal = trees.equals(forest.points.coordinates(leaf.point), query.values)
                guard equal, left <= mass else { break }
                trees.remove(0, point: leaf.point, walk, forest.points, sampler, kernel: false)
                sampler.sizes[tree] -= 1
                left -= 1
            } while left > 0
            forest.normalizers[tree] = binaryLogarithm(Double(1 + sampler.size(tree)))
        }
        sampler.compareSizes()
    }

    @Test("is what the forest gives once they are deleted", arguments: [2, 3, 6])
    func deletion(dimensions: Int) throws {
        var generator = ForestGenerator(seed: 4)
        for _ in 0..<40 {
            let (forest, rows) = try forest(dimensions, &generator)
            let row = rows[Int(generator.next() % 200)]
            let mass = Int(generator.next() % 4)
            let score = try #require(try forest.score(row, ignoringEqualsUpTo: mass))
            let attribution = try #require(try forest.attribution(row, ignoringEqualsUpTo: mass))
            let unchanged = try forest.score(row)
            if mass == 0 { #expect(try abs(score - #require(unchanged)) < 1e-6) }
            try delete(row, upTo: mass, forest)
            let expected = try #require(try forest.score(row))
            #expect(abs(score - expected) < 1e-5, "\(score), not \(expected)")
            let parts = try #require(try forest.attribution(row))
            #expect(abs(attribution.score - score) < 1e-5)
            for dimension in 0..<dimensions {
                #expect(abs(attribution.high[dimension] - parts.high[dimension]) < 1e-5)
                #expect(abs(attribution.low[dimension] - parts.low[dimension]) < 1e-5)
            }
        }
    }

    @Test("still sees a learned outlier, also several times")
    func outlier() throws {
        let forest = try RandomCutForest(.init(dimensions: 2, seed: 1))
        var generator = ForestGenerator(seed: 5)
        for _ in 0..<500 { try forest.update([Float(generator.uniform()), Float(generator.uniform())]) }
        for _ in 0..<3 { try forest.update([50, 50], samplingWeight: 1e6) }
        let far: [Float] = [50, 50]
        let plain = try #require(try forest.score(far))
        let left = try #require(try forest.score([50, 50], ignoringEqualsUpTo: 10))
        #expect(plain < 3 && left > 5, "\(plain), \(left)")
        #expect(throws: ForestError.self) { try forest.score([1, 1], ignoringEqualsUpTo: -1) }
    }
}
