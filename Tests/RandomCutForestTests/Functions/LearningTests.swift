import Testing

@testable import RandomCutForest

@Suite("What an update learns")
struct LearningTests {
    /// The mean age, in rows, of the samples of a forest whose rows are their own numbers.
    func meanAge(_ forest: RandomCutForest, now: Int) -> Double {
        var (sum, count) = (0.0, 0)
        for tree in 0..<forest.trees.treeCount {
            for slot in 0..<forest.sampler.size(tree) {
                sum += Double(now) - Double(forest.points.coordinates(forest.sampler.point(tree, slot))[0])
                count += 1
            }
        }
        return sum / Double(count)
    }

    @Test("a changed time decay gives the ages of a forest that always had it")
    func timeDecay() throws {
        // Rates so high that 4,000 rows forget the past whole.
        let (slow, fast) = (0.002, 0.02)
        for (first, second) in [(slow, fast), (fast, slow)] {
            let changed = try RandomCutForest(.init(dimensions: 1, timeDecay: first, seed: 1))
            let steady = try RandomCutForest(.init(dimensions: 1, timeDecay: second, seed: 2))
            for row in 0..<8000 {
                if row == 4000 { try changed.setTimeDecay(second) }
                try changed.update([Float(row)])
                try steady.update([Float(row)])
            }
            #expect(changed.timeDecay == second)
            #expect(changed.brokenInvariant() == nil)
            let (one, other) = (meanAge(changed, now: 8000), meanAge(steady, now: 8000))
            #expect(abs(one / other - 1) < 0.05, "\(one), \(other)")
        }
        let forest = try RandomCutForest(.init(dimensions: 1))
        for bad in [-0.1, 1.1, .nan] {
            #expect(throws: ForestError.self) { try forest.setTimeDecay(bad) }
        }
    }

    @Test("a sampling weight multiplies a point's share of the samples")
    func samplingWeight() throws {
        var (heavy, all) = (0, 0)
        for seed in 0..<10 {
            let forest = try RandomCutForest(.init(dimensions: 1, timeDecay: 0, seed: UInt64(seed)))
            // Of 20,000 rows every tenth has weight 4: 4 · 2,000 / (18,000 + 8,000) of the weight.
            for row in 0..<20_000 {
                try forest.update([Float(row)], samplingWeight: row % 10 == 0 ? 4 : 1)
            }
            #expect(forest.brokenInvariant() == nil)
            for tree in 0..<50 {
                for slot in 0..<forest.sampler.size(tree) {
                    let row = forest.points.coordinates(forest.sampler.point(tree, slot))[0]
                    heavy += Int(row) % 10 == 0 ? 1 : 0
                    all += 1
                }
            }
        }
        let share = Double(heavy) / Double(all)
        #expect(abs(share - 8.0 / 26) < 0.01, "\(share)")
        let forest = try RandomCutForest(.init(dimensions: 1))
        for bad in [0, -1, .infinity, .nan, 1e10] {
            #expect(throws: ForestError.self) { try forest.update([1], samplingWeight: bad) }
        }
    }

    @Test("nothing while learning is paused, and the shingle goes on")
    func pause() throws {
        let forest = try RandomCutForest(.init(dimensions: 1, shingleSize: 3, seed: 2))
        for row in 0..<400 { try forest.update([Float(row % 10)]) }
        let frozen = try forest.score(point: [1, 2, 3])
        forest.pauseLearning()
        #expect(!forest.isLearning)
        for row in 0..<100 {
            let value = Float(row * row % 31)
            let score = try forest.score([value])
            #expect(try forest.scoreThenUpdate([value]) == score)
            #expect(forest.lastPoint?.last == value)
        }
        #expect(forest.updateCount == 400)
        #expect(try forest.score(point: [1, 2, 3]) == frozen)
        forest.resumeLearning()
        try forest.update([Float(100)])
        #expect(forest.updateCount == 401)
        #expect(forest.brokenInvariant() == nil)
    }

    @Test("no point holds rows from both sides of a gap")
    func gap() throws {
        let forest = try RandomCutForest(.init(dimensions: 1, shingleSize: 4, seed: 2))
        for row in 0..<2000 {
            // Rows below 1000 before each gap, above after it.
            if row % 50 == 25 { forest.beginShingle() }
            let value = Float(row % 50 < 25 ? row % 50 : 1000 + row % 50)
            let sinceGap = (row + 25) % 50
            let ready = row >= 64 && (row % 50 < 25 || sinceGap >= 3)
            if row >= 100, row % 50 >= 25 { #expect(forest.isReady == ready, "row \(row)") }
            try forest.update([value])
            if row % 50 == 49 { forest.beginShingle() }
        }
        for tree in 0..<50 {
            for slot in 0..<forest.sampler.size(tree) {
                let point = forest.points.coordinates(forest.sampler.point(tree, slot))
                #expect((0..<4).allSatisfy { point[$0] < 500 } || (0..<4).allSatisfy { point[$0] > 500 })
            }
        }
    }

    @Test("with external shingling the same as with internal")
    func shingling() throws {
        let inside = try RandomCutForest(.init(dimensions: 2, shingleSize: 3, outputAfter: 80, seed: 6))
        let outside = try RandomCutForest(
            .init(dimensions: 2, shingleSize: 3, shingling: .external, outputAfter: 78, seed: 6)
        )
        var rows: [Float] = []
        for row in 0..<600 {
            let values = [Float(row % 7), Float(row * row % 11)]
            rows += values
            let score = try inside.scoreThenUpdate(values)
            guard row >= 2 else { continue }
            let point: [Float] = Array(rows.suffix(6))
            if score != nil {
                #expect(try inside.lastPoint == point && outside.score(point) == score)
                #expect(try outside.score(point: point) == score)
            }
            #expect(try outside.scoreThenUpdate(point) == score)
        }
        let forecast = try #require(try inside.forecast(steps: 5))
        #expect(try outside.forecast(after: Array(rows.suffix(6)), steps: 5) == forecast)
        let short: [Float] = [1, 2]
        #expect(throws: ForestError.self) { try outside.score(short) }
    }

    @Test("each stored point knows when it came")
    func sequenceNumbers() throws {
        let forest = try RandomCutForest(.init(dimensions: 1, seed: 3, keepsSequenceNumbers: true))
        for row in 0..<3000 {
            try forest.update([Float(row)])
            guard row >= 100 else { continue }
            for neighbor in try #require(try forest.neighbors([Float(row) * 0.7])) {
                #expect(neighbor.sequenceNumber == Int(neighbor.point[0]))
            }
        }
        // A value that comes again has the number of the last time that a tree took it.
        let repeated = try RandomCutForest(.init(dimensions: 1, seed: 3, keepsSequenceNumbers: true))
        for row in 0..<300 { try repeated.update([Float(row % 3)]) }
        for neighbor in try #require(try repeated.neighbors([1])) {
            let number = try #require(neighbor.sequenceNumber)
            #expect(number % 3 == Int(neighbor.point[0]) && number > 200)
        }
    }
}
