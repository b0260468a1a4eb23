import Testing

@testable import RandomCutForest

@Suite("What the forest's functions accept and return")
struct FunctionInputTests {
    @Test("neighbours come nearest first, within the limit, equal points as one")
    func neighbors() throws {
        let forest = try RandomCutForest(.init(dimensions: 2, seed: 1))
        var generator = ForestGenerator(seed: 2)
        for _ in 0..<1000 { try forest.update([Float(generator.next() % 9), Float(generator.next() % 9)]) }
        let row: [Float] = [4.4, 4.3]
        let all = try #require(try forest.neighbors(row))
        #expect(Set(all.map(\.point)).count == all.count)
        #expect(all.map(\.distance) == all.map(\.distance).sorted())
        #expect(all.first?.point == [4, 4])
        for neighbor in all {
            let (x, y) = (Double(neighbor.point[0] - 4.4), Double(neighbor.point[1] - 4.3))
            #expect(abs(neighbor.distance - (x * x + y * y).squareRoot()) < 1e-6)
        }
        let near = try #require(try forest.neighbors(row, within: 0.6))
        #expect(near == all.filter { $0.distance <= 0.6 } && !near.isEmpty)
        #expect(throws: ForestError.self) { try forest.neighbors(row, within: 0) }
    }

    @Test("a function refuses what a score refuses, names the dimension, and changes nothing")
    func refusals() throws {
        let forest = try RandomCutForest(.init(dimensions: 3, shingleSize: 2, seed: 1))
        let twin = try RandomCutForest(.init(dimensions: 3, shingleSize: 2, seed: 1))
        var generator = ForestGenerator(seed: 2)
        for row in 0..<500 {
            let values = (0..<3).map { _ in Float(generator.uniform()) }
            var bad = values
            bad[row % 3] = row % 2 == 0 ? .nan : .infinity
            let calls: [([Float]) throws -> Void] = [
                { _ = try forest.displacement($0) }, { _ = try forest.density($0) },
                { _ = try forest.neighbors($0) }, { _ = try forest.score($0, ignoringEqualsUpTo: 1) },
                { _ = try forest.attribution($0, ignoringEqualsUpTo: 1) },
                { _ = try forest.conditionalField($0, missing: []) },
                { _ = try forest.score(point: $0 + $0) },
            ]
            for call in calls {
                let error = #expect(throws: ForestError.self) { try call(bad) }
                #expect(error?.code == .notFinite && error?.dimension == row % 3)
            }
            if forest.isReady {
                for call in calls { try call(values) }
                _ = try forest.conditionalField(bad, missing: [row % 3], centrality: 0.3)
                _ = try forest.forecast(steps: 3, centrality: 0.5)
            } else {
                #expect(try forest.displacement(values) == nil && forest.density(values) == nil)
                #expect(try forest.neighbors(values) == nil && forest.impute(values) == nil)
                #expect(try forest.forecast(steps: 1) == nil)
            }
            #expect(try forest.scoreThenUpdate(values) == twin.scoreThenUpdate(values))
        }
        #expect(throws: ForestError.self) { try forest.conditionalField([1, 2, 3], missing: [3]) }
        #expect(throws: ForestError.self) { try forest.conditionalField([1, 2, 3], centrality: 1.5) }
        #expect(throws: ForestError.self) { try forest.forecast(steps: 0) }
        #expect(throws: ForestError.self) { try forest.forecast(steps: 1, coverage: 2) }
        #expect(throws: ForestError.self) { try forest.density([1, 2, 3], scaling: 0) }
        #expect(throws: ForestError.self) { try forest.density([1, 2, 3], manifoldDimension: 0) }
    }

    @Test("missing values come from the values seen with the others")
    func imputation() throws {
        let forest = try RandomCutForest(.init(dimensions: 3, sampleSize: 512, seed: 3))
        var generator = ForestGenerator(seed: 4)
        func row() -> [Float] {
            let x = Float(generator.uniform() * 10)
            return [x, x * 2 + Float(generator.uniform() * 0.1), 5 - x]
        }
        for _ in 0..<3000 { try forest.update(row()) }
        for _ in 0..<50 {
            let truth = row()
            for missing in 0..<3 {
                var gappy = truth
                gappy[missing] = .nan
                let field = try #require(try forest.conditionalField(gappy))
                #expect(field.missing == [missing] && field.distances.count == 50)
                #expect(abs(field.median[0] - truth[missing]) < 0.6)
                #expect(field.quantile(0)[0] <= field.quantile(0.5)[0])
                #expect(field.quantile(0.5)[0] <= field.quantile(1)[0])
            }
        }
        // Without centrality the proposals are spread: with all missing, over the whole sample.
        let anything = try #require(try forest.conditionalField([.nan, .nan, .nan], centrality: 0))
        #expect(anything.quantile(0.9)[0] - anything.quantile(0.1)[0] > 4)
        #expect(try forest.impute([1, 2, 4]) == [1, 2, 4])
    }

    @Test("masses of subtrees are the numbers of samples below")
    func masses() throws {
        let forest = try RandomCutForest(.init(dimensions: 2, seed: 1))
        var generator = ForestGenerator(seed: 2)
        for _ in 0..<2000 { try forest.update([Float(generator.next() % 30), Float(generator.uniform())]) }
        for _ in 0..<500 { try forest.update([0.5, 0.5], samplingWeight: 100) }
        for tree in 0..<50 {
            let mass = forest.trees.mass(tree, below: 0, forest.sampler, pending: forest.scratch.nodes)
            #expect(mass == 256)
        }
        let displacement = try #require(try forest.displacement([1e6, 1e6]))
        #expect(displacement > 0.99 * 256 / 257)
    }
}
