import Foundation
import Testing

@testable import RandomCutForest

@Suite("A damaged state of a forest")
struct StateDamageTests {
    /// A forest of one of the shapes of `StateTests`.
    static func filled(_ shape: Int, rows: Int) throws -> RandomCutForest {
        var generator = ForestGenerator(seed: 9)
        let forest = try StateTests.forest(shape)
        for row in 0..<rows {
            let stream: InvariantTests.Stream = rows % 2 == 0 ? .smooth : .integers
            try forest.update(
                InvariantTests().point(stream, StateTests.shapes[shape].dimensions, row, &generator)
            )
        }
        return forest
    }

    @Test("is an error at every shorter length, and with a byte more")
    func truncated() throws {
        for shape in [1, 3] {
            let state = try Self.filled(shape, rows: 60).encodedState()
            for length in 0..<state.count {
                #expect(throws: ForestError.self) { try RandomCutForest(state: Array(state[..<length])) }
                var short = Array(state[..<length])
                StateMutator.seal(&short)
                #expect(throws: ForestError.self) { try RandomCutForest(state: short) }
            }
            var long = state + [0]
            StateMutator.seal(&long)
            #expect(throws: ForestError.self) { try RandomCutForest(state: long) }
        }
    }

    @Test("is an error whatever single bit is changed")
    func everyBit() throws {
        let state = try Self.filled(0, rows: 20).encodedState()
        for bit in 0..<8 * state.count {
            var changed = state
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: ForestError.self) { try RandomCutForest(state: changed) }
        }
    }

    @Test("whose nodes have another shape is an error or a sound forest", arguments: [1, 2, 3, 4, 5, 9])
    func everyShape(dimensions: Int) throws {
        let leaves = 7
        var generator = ForestGenerator(seed: 12)
        let forest = try RandomCutForest(
            .init(dimensions: dimensions, treeCount: 1, sampleSize: leaves, seed: 3)
        )
        for _ in 0..<leaves { try forest.update((0..<dimensions).map { _ in Float(generator.uniform()) }) }
        let state = forest.encodedState()
        // The bits of the nodes are followed by cuts, dimensions, leaves' points and the checksum.
        let place = state.count - 8 - 2 * leaves - 5 * (leaves - 1) - 8
        var loaded = 0
        for bits in 0..<UInt16(1) << UInt16(2 * leaves) {
            var changed = state
            changed[place] = UInt8(truncatingIfNeeded: bits)
            changed[place + 1] = UInt8(truncatingIfNeeded: bits >> 8)
            StateMutator.seal(&changed)
            guard let copy = try? RandomCutForest(state: changed) else { continue }
            #expect(copy.brokenInvariant() == nil)
            loaded += 1
        }
        #expect(1...20 ~= loaded)
    }

    @Test("with a leaf that no sample of its tree names is an error")
    func leafOfNoSample() throws {
        let size = 7
        let forest = try RandomCutForest(.init(dimensions: 1, treeCount: 2, sampleSize: size, seed: 3))
        for row in 0..<size { try forest.update([Float(row * row)]) }
        var state = forest.encodedState()
        // The samples' points are followed by the leaves' count, bits, cuts, dimensions, points, and by the checksum.
        let place = state.count - 8 - 2 * size - 5 * (size - 1) - 8 - 4 - 2 * size
        #expect(state[place] != state[place + 2])
        // Both trees hold all points: the second one's leaves stay those of as many samples.
        state[place + 2] = state[place]
        StateMutator.seal(&state)
        #expect { try RandomCutForest(state: state) } throws: {
            ($0 as? ForestError)?.message.contains("leaves of tree 1") == true
        }
    }

    @Test("of a newer version, or of a forest too large, says so")
    func refused() throws {
        var state = try Self.filled(1, rows: 60).encodedState()
        #expect { try RandomCutForest(state: state, memoryLimit: 1000) } throws: {
            ($0 as? ForestError)?.code == .stateTooLarge
        }
        state[8] = 2
        #expect { try RandomCutForest(state: state) } throws: { ($0 as? ForestError)?.code == .newerState }
    }

    @Test("of another configuration than the caller's says so")
    func otherConfiguration() throws {
        let forest = try Self.filled(1, rows: 60)
        let state = forest.encodedState()
        var configuration = forest.configuration
        #expect(try RandomCutForest(state: state, of: configuration).encodedState() == state)
        configuration.sampleSize += 1
        #expect { try RandomCutForest(state: state, of: configuration) } throws: {
            ($0 as? ForestError)?.code == .damagedState
        }
    }

    @Test("that 40,000 mutations changed is an error or a sound forest")
    func fuzz() throws { try Self.fuzz(40_000, seed: 1) }

    @Test(
        "that ten million mutations changed is an error or a sound forest",
        .enabled(
            if: ProcessInfo.processInfo.environment["TIMBERLINE_SLOW_TESTS"] == "1",
            "slow: ten million mutations take minutes"
        ),
        arguments: 2...11
    )
    func longFuzz(seed: Int) throws { try Self.fuzz(1_000_000, seed: UInt64(seed)) }

    /// Half of the mutations have a right checksum.
    static func fuzz(_ mutations: Int, seed: UInt64) throws {
        var mutator = StateMutator(seed: seed, states: try states())
        for mutation in 0..<mutations {
            let state = mutator.next(sealed: mutation % 2 == 0)
            guard let forest = try? RandomCutForest(state: state, memoryLimit: 1 << 22) else { continue }
            if let broken = forest.brokenInvariant() {
                Issue.record("mutation \(mutation) of seed \(seed): \(broken)")
                return
            }
            guard mutation % 16 == 0 else { continue }
            let row = [Float](repeating: 0.5, count: forest.configuration.inputDimensions)
            for _ in 0..<3 { _ = try forest.scoreThenUpdate(row) }
            _ = try forest.attribution(row)
        }
    }

    /// Small states of every kind.
    private static func states() throws -> [[UInt8]] {
        var forests: [RandomCutForest] = []
        for shape in [0, 1, 2, 3, 5] {
            for rows in [3, 31, 200] { forests.append(try filled(shape, rows: rows)) }
        }
        for flags in 0..<8 { forests.append(try StateOptionTests.forest(flags: flags, rows: 40)) }
        // Points of more than 256 values, and rows that are held back.
        let long = try RandomCutForest(.init(dimensions: 300, treeCount: 1, sampleSize: 4))
        for row in 0..<6 { try long.update((0..<300).map { Float(row * $0 % 7) }) }
        forests.append(long)
        let early = try RandomCutForest(.init(dimensions: 2, treeCount: 2, sampleSize: 8, outputAfter: 8))
        for row in 0..<5 { try early.update([Double(row), 1_700_000_000]) }
        forests.append(early)
        return forests.flatMap { [$0.encodedState(), $0.encodedState(.compact)] }
    }
}
