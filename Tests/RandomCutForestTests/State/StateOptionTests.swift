import Testing

@testable import RandomCutForest

@Suite("The saved state of a forest with options")
struct StateOptionTests {
    /// - Parameter flags: 1 external shingling, 2 sequence numbers, 4 a changed time decay.
    static func forest(flags: Int, rows: Int = 0) throws -> RandomCutForest {
        let forest = try RandomCutForest(
            .init(
                dimensions: 2,
                shingleSize: 3,
                shingling: flags & 1 == 1 ? .external : .internal,
                treeCount: 4,
                sampleSize: 16,
                outputAfter: 8,
                seed: 1,
                keepsSequenceNumbers: flags & 2 == 2
            )
        )
        if flags & 4 == 4 { try forest.setTimeDecay(0.03) }
        var generator = ForestGenerator(seed: 6)
        for _ in 0..<rows { try forest.update(row(of: forest, &generator)) }
        return forest
    }

    static func row(of forest: RandomCutForest, _ generator: inout ForestGenerator) -> [Float] {
        (0..<forest.configuration.inputDimensions).map { _ in Float(generator.uniform()) }
    }

    /// Learns rows with a forest, and with a copy that is saved and loaded before each row; both must stay alike.
    private func compare(
        _ original: RandomCutForest,
        rows: Int,
        _ step: (_ forest: RandomCutForest, _ row: Int, _ values: [Float]) throws -> Double?
    ) throws {
        var generator = ForestGenerator(seed: 6)
        for row in 0..<rows {
            let state = original.encodedState()
            let copy = try RandomCutForest(state: state)
            #expect(copy.encodedState() == state)
            #expect(copy.configuration == original.configuration)
            let values = Self.row(of: original, &generator)
            let (one, other) = (try step(original, row, values), try step(copy, row, values))
            #expect(one == other)
            #expect(copy.isLearning == original.isLearning && copy.isReady == original.isReady)
            #expect(copy.timeDecay == original.timeDecay && copy.updateCount == original.updateCount)
            #expect(copy.encodedState() == original.encodedState())
            #expect(copy.brokenInvariant() == nil)
        }
        #expect(original.updateCount > original.configuration.outputAfter)
    }

    @Test("keeps external shingling, sequence numbers, a changed time decay, and a pause", arguments: 0..<8)
    func flags(flags: Int) throws {
        try compare(Self.forest(flags: flags), rows: 120) { forest, row, values in
            if row == 60 { forest.pauseLearning() }
            if row == 70 { forest.resumeLearning() }
            return try forest.scoreThenUpdate(values)
        }
    }

    @Test("keeps sequence numbers of neighbours")
    func sequenceNumbers() throws {
        var generator = ForestGenerator(seed: 8)
        let original = try Self.forest(flags: 3, rows: 60)
        let copy = try RandomCutForest(state: original.encodedState())
        for _ in 0..<20 {
            let point = Self.row(of: original, &generator)
            let neighbors = try #require(try original.neighbors(point))
            #expect(try copy.neighbors(point) == neighbors)
            #expect(neighbors.contains { ($0.sequenceNumber ?? 0) > 1 })
        }
    }

    @Test("goes on with the time decay as it was changed on line")
    func decay() throws {
        try compare(Self.forest(flags: 0), rows: 200) { forest, row, values in
            if row % 40 == 20 { try forest.setTimeDecay(Double(row) / 1000) }
            if row == 150 { try forest.setTimeDecay(forest.configuration.timeDecay) }
            return try forest.scoreThenUpdate(values)
        }
    }

    @Test("goes on with rows of other sampling weights, before and after")
    func weights() throws {
        try compare(Self.forest(flags: 2), rows: 200) { forest, row, values in
            let score = try forest.score(values)
            try forest.update(values, samplingWeight: row % 3 == 0 ? 20 : 0.5)
            return score
        }
    }

    @Test("goes on in the midst of a new shingle after a gap")
    func gaps() throws {
        try compare(Self.forest(flags: 0), rows: 200) { forest, row, values in
            if row % 17 == 0 { forest.beginShingle() }
            return try forest.scoreThenUpdate(values)
        }
    }

    @Test("goes on with clock and weights that have grown to their limits")
    func clock() throws {
        let original = try RandomCutForest(
            .init(dimensions: 1, treeCount: 3, sampleSize: 8, timeDecay: 1, outputAfter: 4)
        )
        // e^row: the sampler scales its clock every 21 rows.
        try compare(original, rows: 100) { forest, _, values in try forest.scoreThenUpdate(values) }
    }

    @Test("holds more than 65,536 points, with wider numbers")
    func wideIndices() throws {
        var generator = ForestGenerator(seed: 4)
        let original = try RandomCutForest(
            .init(
                dimensions: 1,
                treeCount: 3,
                sampleSize: 32_768,
                timeDecay: 0,
                initialAcceptFraction: 0,
                seed: 2
            )
        )
        for _ in 0..<140_000 { try original.update([Float(generator.uniform())]) }
        #expect(original.livePointCount > 65_536)
        for form in [RandomCutForest.StateForm.full, .compact] {
            let state = original.encodedState(form)
            let copy = try RandomCutForest(state: state)
            #expect(copy.brokenInvariant() == nil)
            #expect(copy.encodedState(form) == state)
            guard form == .full else { continue }
            for _ in 0..<200 {
                let row = [Float(generator.uniform())]
                #expect(try original.scoreThenUpdate(row) == copy.scoreThenUpdate(row))
            }
            #expect(original.encodedState() == copy.encodedState())
            // A number of a point that the state does not have.
            var damaged = state
            let last = damaged.count - 12
            damaged.replaceSubrange(last..<last + 4, with: [0xFF, 0xFF, 0x7F, 0])
            StateMutator.seal(&damaged)
            #expect(throws: ForestError.self) { try RandomCutForest(state: damaged) }
        }
    }
}
