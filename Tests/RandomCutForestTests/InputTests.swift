import RandomCutForest
import Testing

@Suite("What a forest accepts")
struct InputTests {
    func forest(_ configuration: RandomCutForest.Configuration) throws -> RandomCutForest {
        try RandomCutForest(configuration)
    }

    @Test("refuses values that are not finite, names the dimension, and is not changed by them")
    func notFinite() throws {
        let (one, other) = (try forest(.init(dimensions: 3)), try forest(.init(dimensions: 3)))
        for row in 0..<600 {
            let point = [Float(row % 17), Float(row % 5), Float(row % 11)]
            for bad in [Float.nan, .infinity, -.infinity] {
                var poisoned = point
                poisoned[row % 3] = bad
                for call in [one.score(_:), one.scoreThenUpdate(_:)]
                    as [([Float]) throws(ForestError) -> Double?]
                {
                    let error = #expect(throws: ForestError.self) { try call(poisoned) }
                    #expect(error?.code == .notFinite)
                    #expect(error?.dimension == row % 3)
                    #expect(error?.message.contains("dimension \(row % 3)") == true)
                }
                #expect(throws: ForestError.self) { try one.update(poisoned) }
                #expect(throws: ForestError.self) { try one.attribution(poisoned) }
            }
            #expect(try one.scoreThenUpdate(point) == other.scoreThenUpdate(point))
        }
    }

    @Test("refuses points of another size")
    func wrongSize() throws {
        let forest = try forest(.init(dimensions: 2))
        for point in [[], [1], [1, 2, 3]] as [[Float]] {
            let error = #expect(throws: ForestError.self) { try forest.update(point) }
            #expect(error?.code == .dimensionMismatch)
        }
        #expect(forest.updateCount == 0)
    }

    @Test("refuses a configuration out of range and names the parameter")
    func configuration() {
        let bad: [(RandomCutForest.Configuration, String)] = [
            (.init(dimensions: 0), "dimensions"),
            (.init(dimensions: 20_000), "dimensions"),
            (.init(dimensions: 1 << 40, shingleSize: 1 << 40), "dimensions"),
            (.init(dimensions: 1, shingleSize: 0), "shingleSize"),
            (.init(dimensions: 1, treeCount: 0), "treeCount"),
            (.init(dimensions: 1, treeCount: 10_001), "treeCount"),
            (.init(dimensions: 1, sampleSize: 0), "sampleSize"),
            (.init(dimensions: 1, sampleSize: 32_769), "sampleSize"),
            (.init(dimensions: 1, timeDecay: -0.1), "timeDecay"),
            (.init(dimensions: 1, timeDecay: .nan), "timeDecay"),
            (.init(dimensions: 1, initialAcceptFraction: 1.5), "initialAcceptFraction"),
            (.init(dimensions: 1, outputAfter: 0), "outputAfter"),
        ]
        for (configuration, name) in bad {
            let error = #expect(throws: ForestError.self) { try RandomCutForest(configuration) }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains(name) == true)
        }
    }

    @Test("gives no score before it is ready, then always one")
    func readiness() throws {
        let forest = try forest(.init(dimensions: 1, shingleSize: 4, outputAfter: 10))
        for row in 0..<30 {
            let point = [Float(row % 7)]
            #expect(forest.isReady == (row >= 10))
            #expect(try (forest.score(point) != nil) == (row >= 10))
            #expect(try (forest.attribution(point) != nil) == (row >= 10))
            #expect(try (forest.scoreThenUpdate(point) != nil) == (row >= 10))
            #expect(forest.updateCount == row + 1)
        }
        #expect(!forest.isFull)
    }

    @Test("takes the largest and the smallest values of Float")
    func limits() throws {
        let forest = try forest(.init(dimensions: 2, sampleSize: 64))
        let values: [Float] = [
            .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
            -.leastNonzeroMagnitude,
            .leastNormalMagnitude, -0.0, 0.0, 1, 1e30, -1e30,
        ]
        for row in 0..<3000 {
            let point = [values[row % values.count], values[row / 7 % values.count]]
            if let score = try forest.scoreThenUpdate(point) {
                #expect(score.isFinite && score >= 0 && score < 6.1)
            }
            if let attribution = try forest.attribution(point) { #expect(attribution.score.isFinite) }
        }
    }

    @Test("scoring learns nothing, and scoring then updating is both in one")
    func verbs() throws {
        for shingle in [1, 3] {
            let (one, other) = (
                try forest(.init(dimensions: 2, shingleSize: shingle, seed: 5)),
                try forest(.init(dimensions: 2, shingleSize: shingle, seed: 5))
            )
            for row in 0..<2000 {
                let point = [Float(row * row % 101), Float(row % 13)]
                let score = try one.score(point)
                #expect(try one.score(point) == score)
                try one.update(point)
                #expect(try other.scoreThenUpdate(point) == score)
            }
            #expect(one.livePointCount == other.livePointCount)
        }
    }
}
