import Testing

@testable import RandomCutForest

@Suite("The forest against the reference, which shares its generator")
struct ReferenceForestTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var dimensions: Int
        var shingle = 1
        var trees = 3
        var samples = 16
        var acceptFraction = 1.0
        var noiseFloor = 0.0

        var testDescription: String { "\(dimensions)x\(shingle), \(trees) trees of \(samples)" }

        func configuration(seed: UInt64) -> RandomCutForest.Configuration {
            .init(
                dimensions: dimensions,
                shingleSize: shingle,
                treeCount: trees,
                sampleSize: samples,
                initialAcceptFraction: acceptFraction,
                outputAfter: 3,
                noiseFloor: noiseFloor,
                seed: seed
            )
        }
    }

    static let shapes = [
        Shape(dimensions: 1), Shape(dimensions: 2, trees: 9, acceptFraction: 0.125),
        Shape(dimensions: 3, samples: 30), Shape(dimensions: 4, trees: 2, samples: 5, acceptFraction: 0),
        Shape(dimensions: 5, samples: 20), Shape(dimensions: 11, trees: 2), Shape(dimensions: 1, shingle: 4),
        Shape(dimensions: 2, shingle: 3, acceptFraction: 0.5), Shape(dimensions: 1, trees: 1, samples: 1),
        Shape(dimensions: 2, noiseFloor: 0.25), Shape(dimensions: 1, trees: 70, samples: 4),
    ]

    @Test("random operations give the same bits, and where precision differs nearly so", arguments: shapes)
    func randomOperations(shape: Shape) throws {
        for stream in InvariantTests.Stream.allCases {
            var pair = try ForestPair(shape.configuration(seed: 40), seed: 7)
            for row in 0..<400 {
                let point = InvariantTests().point(stream, shape.dimensions, row, &pair.chance)
                if let difference = try pair.step(point) {
                    Issue.record("\(stream), row \(row): \(difference)")
                    return
                }
            }
            #expect(pair.fast.generator == pair.slow.generator)
            #expect(pair.fast.brokenInvariant() == nil)
        }
    }

    @Test("a fast decay and long streams give the same bits, over many rescalings of the weights")
    func rescaling() throws {
        var configuration = Shape(dimensions: 2, trees: 4, samples: 12).configuration(seed: 3)
        configuration.timeDecay = 0.2
        let fast = try RandomCutForest(configuration)
        var slow = ReferenceForest(configuration)
        var generator = ForestGenerator(seed: 5)
        for _ in 0..<3000 {
            let point = [Float(generator.uniform()), Float(generator.next() % 5)]
            #expect(try fast.scoreThenUpdate(point) == slow.score(point))
            slow.update(point)
        }
        #expect(fast.generator == slow.generator)
    }
}

/// A forest and its reference, which are given the same operations.
struct ForestPair {
    var fast: RandomCutForest
    var slow: ReferenceForest
    var chance: ForestGenerator

    init(_ configuration: RandomCutForest.Configuration, seed: UInt64) throws {
        fast = try RandomCutForest(configuration)
        slow = ReferenceForest(configuration)
        chance = ForestGenerator(seed: seed)
    }

    /// Does one operation, chosen at random, and learns the row. Returns what differs.
    mutating func step(_ row: [Float]) throws -> String? {
        switch chance.next() % 20 {
        case 0:
            let decay = chance.uniform() * 0.3
            try fast.setTimeDecay(decay)
            slow.setTimeDecay(decay)
        case 1:
            if fast.isLearning { fast.pauseLearning() } else { fast.resumeLearning() }
            slow.isLearning.toggle()
        case 2 where chance.next() % 4 == 0:
            fast.beginShingle()
            slow.beginShingle()
        case 3: fast = try RandomCutForest(state: fast.encodedState())
        case 4: fast.usesKernel.toggle()
        case 5:
            let weight = exponential(4 * chance.uniform() - 2)
            try fast.update(row, samplingWeight: weight)
            slow.update(row, samplingWeight: weight)
            return nil
        default: break
        }
        if let difference = try differenceInFunctions(row) { return difference }
        let score = slow.score(row)
        slow.update(row)
        if chance.next() % 2 == 0 {
            let found = try fast.scoreThenUpdate(row)
            return found == score
                ? nil : "scoreThenUpdate is \(String(describing: found)), not \(String(describing: score))"
        }
        try fast.update(row)
        return nil
    }

    private mutating func differenceInFunctions(_ row: [Float]) throws -> String? {
        guard fast.isReady == slow.isReady, fast.lastPoint == slow.lastPoint else { return "readiness" }
        if try fast.score(row) != slow.score(row) { return "score" }
        if try fast.displacement(row) != slow.displacement(row) { return "displacement" }
        if try fast.neighbors(row) != slow.neighbors(row) { return "neighbors" }
        if let one = try fast.attribution(row), let other = slow.attribution(row) {
            for (found, expected) in zip(one.high + one.low, other.high + other.low)
            where abs(found - expected) > 1e-5 * (1 + other.score) {
                return "attribution has \(found), not \(expected)"
            }
        }
        if let difference = try differenceInDensity(row) { return difference }
        if fast.configuration.shingleSize > 1 {
            let forecast = try fast.forecast(steps: 5)?.steps.map(\.median)
            if forecast != slow.forecast(steps: 5) { return "forecast" }
        }
        guard let point = slow.point(row) else { return nil }
        let missing = point.indices.filter { _ in chance.next() % 3 == 0 }
        let centrality = Double(chance.next() % 3) / 2
        let found = try fast.conditionalField(point: point, missing: missing, centrality: centrality)
        let expected = slow.conditionalField(point: point, missing: missing, centrality: centrality)
        return found == expected ? nil : "conditionalField of \(missing), centrality \(centrality)"
    }

    private mutating func differenceInDensity(_ row: [Float]) throws -> String? {
        let power = 1 + Int(chance.next() % 3)
        let found = try fast.density(row, scaling: 0.01, manifoldDimension: power)
        guard let found, let expected = slow.density(row, scaling: 0.01, power: power) else { return nil }
        let pairs = zip(
            [found.value] + found.high + found.low,
            [expected.value] + expected.parts.high + expected.parts.low
        )
        for (one, other) in pairs where abs(one - other) > 1e-6 * (abs(other) + 1e-3 * expected.value) {
            return "density has \(one), not \(other)"
        }
        return nil
    }
}
