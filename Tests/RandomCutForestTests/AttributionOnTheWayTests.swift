import Testing

@testable import RandomCutForest

@Suite struct AttributionOnTheWayTests {
    @Test(
        "scoring, splitting high scores and learning in one call gives the bits of three calls",
        arguments: [(1, 7, 0.25), (3, 50, 1), (3, 65, 1), (5, 130, 0.25)],
        [true, false]
    )
    func oneCall(_ shape: (dimensions: Int, trees: Int, fraction: Double), kernel: Bool) throws {
        let configuration = RandomCutForest.Configuration(
            dimensions: shape.dimensions,
            treeCount: shape.trees,
            sampleSize: 32,
            initialAcceptFraction: shape.fraction,
            outputAfter: 10,
            seed: 4
        )
        let (one, three) = (try RandomCutForest(configuration), try RandomCutForest(configuration))
        one.usesKernel = kernel
        three.usesKernel = kernel
        let limit = 1.1
        var generator = ForestGenerator(seed: 8)
        var attribution = Attribution(high: [], low: [])
        var splits = 0
        for row in 0..<400 {
            let point = InvariantTests().point(.clusters, shape.dimensions, row, &generator)
            let before = attribution
            let score = try one.scoreThenUpdate(point, attributingAbove: limit, into: &attribution)
            #expect(try three.score(point)?.bitPattern == score?.bitPattern)
            if let score, score > limit {
                splits += 1
                #expect(try three.attribution(point) == attribution)
            } else {
                #expect(attribution == before)
            }
            try three.update(point)
        }
        #expect((10..<390).contains(splits), "\(splits) scores were split")
        #expect(one.generator == three.generator)
        #expect(one.brokenInvariant() == nil)
    }
}
