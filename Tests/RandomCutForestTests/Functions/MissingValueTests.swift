import ForestTestSupport
import Testing

@testable import RandomCutForest

@Suite("Rows with missing values")
struct MissingValueTests {
    static let bad: [Float] = [.nan, .infinity, -.infinity, .signalingNaN]

    /// Three values that go together.
    static func row(_ generator: inout ForestGenerator) -> [Float] {
        let x = generator.uniform() * 10
        return [Float(x), Float(2 * x + generator.uniform() * 0.2), Float(5 - x + generator.uniform() * 0.2)]
    }

    @Test("are scored and learned as the completed rows are, to the bit", arguments: [1, 3])
    func completed(shingle: Int) throws {
        let configuration = RandomCutForest.Configuration(dimensions: 3, shingleSize: shingle, seed: 5)
        let (forest, twin) = (try RandomCutForest(configuration), try RandomCutForest(configuration))
        var generator = ForestGenerator(seed: 6)
        for row in 0..<900 {
            var values = Self.row(&generator)
            if row > 10, generator.next() % 3 == 0 {
                values[Int(generator.next() % 3)] = Self.bad[row % 4]
                if generator.next() % 2 == 0 { values[Int(generator.next() % 3)] = .nan }
            }
            guard values.contains(where: \.isFinite) else { continue }
            let whole = try twin.impute(values.map { $0.isFinite ? $0 : .nan }) ?? values
            if whole.allSatisfy(\.isFinite) {
                let score = try twin.score(whole)
                #expect(try forest.score(values, notFinite: .imputed) == score)
                let parts = try twin.attribution(whole)
                #expect(try forest.attribution(values, notFinite: .imputed) == parts)
                #expect(try forest.scoreThenUpdate(values, notFinite: .imputed) == score)
                try twin.update(whole)
            } else {
                // Before the twin imputes.
                try forest.update(values, notFinite: .imputed)
                _ = try twin.scoreThenUpdate(values, notFinite: .imputed)
            }
        }
        #expect(forest.generator == twin.generator && forest.updateCount == twin.updateCount)
        #expect(forest.brokenInvariant() == nil)
    }

    @Test("refused ones leave the forest as it was, call by call")
    func refused() throws {
        let forest = try RandomCutForest(.init(dimensions: 2, seed: 1))
        for row in 0..<300 { try forest.update([Float(row % 7), 1], notFinite: .refused) }
        let state = forest.encodedState()
        let (row, wide): ([Float], [Double]) = ([1, .nan], [1, .infinity])
        let calls: [() throws -> Void] = [
            { _ = try forest.score(row, notFinite: .refused) },
            { _ = try forest.score(wide, notFinite: .refused) },
            { _ = try forest.attribution(row, notFinite: .refused) },
            { _ = try forest.attribution(wide, notFinite: .refused) },
            { try forest.update(row, notFinite: .refused) }, { try forest.update(wide, notFinite: .refused) },
            { _ = try forest.scoreThenUpdate(row, notFinite: .refused) },
            { _ = try forest.scoreThenUpdate(wide, notFinite: .refused) },
        ]
        for call in calls {
            let error = #expect(throws: ForestError.self) { try call() }
            #expect(error?.code == .notFinite && error?.dimension == 1)
        }
        #expect(forest.encodedState() == state)
        let short: [Float] = [.nan]
        #expect(throws: ForestError.self) { try forest.update(short, notFinite: .imputed) }
        #expect(forest.encodedState() == state)
    }

    @Test(
        "do not poison a forest: with a third of the values missing, outliers and usual rows score as without"
    )
    func never() throws {
        let forest = try RandomCutForest(.init(dimensions: 3, seed: 2))
        let clean = try RandomCutForest(.init(dimensions: 3, seed: 3))
        var generator = ForestGenerator(seed: 7)
        var (gappy, whole) = (Moments(), Moments())
        for row in 0..<4000 {
            let values = Self.row(&generator)
            var holed = values
            for dimension in 0..<3 where generator.next() % 3 == 0 { holed[dimension] = Self.bad[row % 4] }
            let score = try forest.scoreThenUpdate(holed, notFinite: .imputed)
            let other = try clean.scoreThenUpdate(values)
            guard row > 1000, let other else { continue }
            whole.add(other)
            if let score { gappy.add(score) }
        }
        #expect(forest.brokenInvariant() == nil)
        for tree in 0..<50 {
            for slot in 0..<256 {
                let point = forest.points.coordinates(forest.sampler.point(tree, slot))
                #expect((0..<3).allSatisfy { point[$0].isFinite })
            }
        }
        #expect(abs(gappy.mean / whole.mean - 1) < 0.15, "\(gappy.mean), \(whole.mean)")
        #expect(gappy.count > 2500)
        let outlier: [Float] = [.nan, 10, 60]
        #expect(try #require(try forest.score(outlier, notFinite: .imputed)) > 2.5)
        // A value that goes with the other one is no outlier, one that does not is.
        let (usual, unusual): ([Float], [Float]) = ([4, 8, .nan], [4, 18, .nan])
        let usualScore = try #require(try forest.score(usual, notFinite: .imputed))
        let unusualScore = try #require(try forest.score(unusual, notFinite: .imputed))
        #expect(usualScore < 1.1 && unusualScore > usualScore + 0.3, "\(usualScore), \(unusualScore)")
    }

    @Test("with large offsets keep the precision of Double")
    func offsets() throws {
        let forest = try RandomCutForest(.init(dimensions: 2, seed: 4))
        var generator = ForestGenerator(seed: 8)
        for row in 0..<2000 {
            let x = generator.uniform() * 10
            let first = row % 5 == 4 ? Double.nan : 1.7e9 + x
            let canImpute = forest.livePointCount > 0
            #expect(try forest.update([first, x], notFinite: .imputed) == (first.isFinite || canImpute))
        }
        for x in [1.0, 5, 9] {
            let usual = try #require(try forest.score([.nan, x], notFinite: .imputed))
            let same = try #require(try forest.score([1.7e9 + x, x]))
            #expect(abs(usual - same) < 0.3, "\(usual), \(same)")
        }
        let attribution = try #require(try forest.attribution([.nan, 40.0], notFinite: .imputed))
        #expect(attribution.high[1] > 0.8 * attribution.score)
        #expect(forest.brokenInvariant() == nil)
    }

    @Test("where nothing is known are gaps: not counted, not learned, and a new shingle begins")
    func unknown() throws {
        let forest = try RandomCutForest(.init(dimensions: 2, shingleSize: 3, seed: 1))
        let (nothing, half): ([Float], [Float]) = ([.nan, .infinity], [1, .nan])
        #expect(try forest.update(half, notFinite: .imputed) == false)
        #expect(try forest.score(half, notFinite: .imputed) == nil)
        for row in 0..<200 { try forest.update([Float(row % 5), Float(row % 3)]) }
        #expect(try forest.score(nothing, notFinite: .imputed) == nil)
        #expect(forest.isReady)
        #expect(try forest.scoreThenUpdate(nothing, notFinite: .imputed) == nil)
        #expect(!forest.isReady && forest.updateCount == 200)
        // The shingle lacks more than this row.
        #expect(try forest.update(half, notFinite: .imputed) == false)
        for row in 0..<2 { try forest.update([Float(row), 1]) }
        #expect(forest.isReady)
        #expect(try forest.update(half, notFinite: .imputed))
        #expect(forest.updateCount == 203)
        #expect(forest.lastPoint?.allSatisfy(\.isFinite) == true)
    }
}
