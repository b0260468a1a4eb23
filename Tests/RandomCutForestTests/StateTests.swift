import Foundation
import Testing

@testable import RandomCutForest

@Suite("The saved state of a forest")
struct StateTests {
    static let shapes: [(dimensions: Int, shingle: Int, trees: Int, samples: Int)] = [
        (1, 1, 3, 16), (3, 1, 9, 40), (5, 1, 3, 33), (2, 5, 4, 20), (20, 1, 2, 17), (1, 1, 2, 1),
        (2, 1, 1, 300),
    ]

    static func forest(_ index: Int, decay: Double? = nil) throws -> RandomCutForest {
        let shape = shapes[index]
        return try RandomCutForest(
            .init(
                dimensions: shape.dimensions,
                shingleSize: shape.shingle,
                treeCount: shape.trees,
                sampleSize: shape.samples,
                timeDecay: decay,
                initialAcceptFraction: index % 2 == 0 ? 1 : 0.3,
                outputAfter: 12,
                seed: 7
            )
        )
    }

    @Test(
        "goes on with the same bits as if it had never stopped",
        arguments: InvariantTests.Stream.allCases,
        [false, true]
    )
    func sameBits(stream: InvariantTests.Stream, double: Bool) throws {
        var generator = ForestGenerator(seed: 5)
        for shape in Self.shapes.indices {
            let original = try Self.forest(shape, decay: shape == 1 ? 0.5 : nil)
            var copy = try RandomCutForest(state: original.encodedState())
            for row in 0..<500 {
                let point = InvariantTests().point(stream, Self.shapes[shape].dimensions, row, &generator)
                // Epoch seconds, far from 0, where the rows are Double.
                let wide = point.map { Double($0) + 1_700_000_000 }
                switch generator.next() % 4 {
                case 0:
                    let both =
                        double
                        ? (try original.score(wide), try copy.score(wide))
                        : (try original.score(point), try copy.score(point))
                    #expect(both.0 == both.1)
                case 1:
                    let both =
                        double
                        ? (try original.attribution(wide), try copy.attribution(wide))
                        : (try original.attribution(point), try copy.attribution(point))
                    #expect(both.0?.high == both.1?.high && both.0?.low == both.1?.low)
                case 2:
                    let both =
                        double
                        ? (try original.scoreThenUpdate(wide), try copy.scoreThenUpdate(wide))
                        : (try original.scoreThenUpdate(point), try copy.scoreThenUpdate(point))
                    #expect(both.0 == both.1)
                default:
                    if double {
                        try original.update(wide)
                        try copy.update(wide)
                    } else {
                        try original.update(point)
                        try copy.update(point)
                    }
                }
                guard row < 40 || row % 23 == 0 else { continue }
                let state = copy.encodedState()
                #expect(state == original.encodedState())
                copy = try RandomCutForest(state: state)
                #expect(copy.brokenInvariant() == nil)
                #expect(copy.encodedState() == state)
            }
        }
    }

    @Test("keeps external shingling, sequence numbers and a pause of learning", arguments: [0, 1, 2, 3])
    func options(flags: Int) throws {
        var generator = ForestGenerator(seed: 6)
        let original = try RandomCutForest(
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
        let size = original.configuration.inputDimensions
        var copy = original
        for row in 0..<120 {
            original.isLearning = !(60..<70).contains(row)
            copy = try RandomCutForest(state: original.encodedState())
            #expect(copy.isLearning == original.isLearning && copy.configuration == original.configuration)
            let point = (0..<size).map { _ in Float(generator.uniform()) }
            let (one, other) = (try original.scoreThenUpdate(point), try copy.scoreThenUpdate(point))
            #expect(one == other)
            #expect(copy.encodedState() == original.encodedState())
            #expect(copy.brokenInvariant() == nil)
        }
        #expect(original.isReady)
    }

    static func filled(_ shape: Int, _ rows: Int) throws -> RandomCutForest {
        var generator = ForestGenerator(seed: 9)
        let forest = try forest(shape)
        for row in 0..<rows {
            try forest.update(InvariantTests().point(.smooth, shapes[shape].dimensions, row, &generator))
        }
        return forest
    }

    @Test("in its compact form is smaller, loads to the same bits each time, and scores like the original")
    func compact() throws {
        var generator = ForestGenerator(seed: 2)
        let forest = try RandomCutForest(.init(dimensions: 3, treeCount: 50, sampleSize: 256, seed: 3))
        for _ in 0..<2000 { try forest.update((0..<3).map { _ in Float(generator.uniform()) }) }
        let state = forest.encodedState(.compact)
        #expect(state.count < forest.encodedState().count * 3 / 4)
        let (one, other) = (try RandomCutForest(state: state), try RandomCutForest(state: state))
        #expect(one.brokenInvariant() == nil)
        #expect(one.encodedState() == other.encodedState())
        #expect(one.encodedState(.compact) == state)
        var (sum, expected) = (0.0, 0.0)
        for row in 0..<400 {
            let point = (0..<3).map { _ in Float(generator.uniform() * (row % 2 == 0 ? 1 : 1.5)) }
            let (first, second) = (try one.score(point), try other.score(point))
            #expect(first == second)
            let score = try #require(first)
            let right = try #require(try forest.score(point))
            #expect(abs(score - right) < 0.35 * right)
            sum += score
            expected += right
        }
        #expect(abs(sum / expected - 1) < 0.02)
        for row in 0..<300 {
            try one.update((0..<3).map { _ in Float(generator.uniform()) })
            if row % 50 == 0 { #expect(one.brokenInvariant() == nil) }
        }
    }

    @Test("is an error at every shorter length, and with a byte more")
    func truncated() throws {
        for shape in [1, 3] {
            let state = try Self.filled(shape, 60).encodedState()
            for length in 0..<state.count {
                #expect(throws: ForestError.self) { try RandomCutForest(state: Array(state[..<length])) }
                var short = Array(state[..<length])
                Self.seal(&short)
                #expect(throws: ForestError.self) { try RandomCutForest(state: short) }
            }
            var long = state + [0]
            Self.seal(&long)
            #expect(throws: ForestError.self) { try RandomCutForest(state: long) }
        }
    }

    @Test("of a newer version, or of a forest too large, says so")
    func refused() throws {
        var state = try Self.filled(1, 60).encodedState()
        #expect { try RandomCutForest(state: state, memoryLimit: 1000) } throws: {
            ($0 as? ForestError)?.code == .stateTooLarge
        }
        state[8] = 2
        #expect { try RandomCutForest(state: state) } throws: { ($0 as? ForestError)?.code == .newerState }
    }

    /// Makes length and checksum right again.
    static func seal(_ state: inout [UInt8]) {
        guard state.count >= 32 else { return }
        let count = state.count
        withUnsafeBytes(of: UInt64(count).littleEndian) { state.replaceSubrange(16..<24, with: $0) }
        let sum = state.withUnsafeBytes { stateChecksum($0) }
        withUnsafeBytes(of: sum.littleEndian) { state.replaceSubrange(24..<32, with: $0) }
    }

    static func fuzz(_ mutations: Int, seed: UInt64) throws {
        var generator = ForestGenerator(seed: seed)
        var states: [[UInt8]] = []
        for shape in [0, 1, 2, 3, 5] {
            for rows in [3, 30, 200] {
                let forest = try filled(shape, rows)
                states += [forest.encodedState(), forest.encodedState(.compact)]
            }
        }
        let odd: [UInt8] = [0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF]
        for mutation in 0..<mutations {
            var state = states[Int(generator.next() % UInt64(states.count))]
            for _ in 0...Int(generator.next() % 3) {
                // Half of them in the header and the counts.
                let end = generator.next() % 2 == 0 ? min(200, state.count) : state.count
                let place = Int(generator.next() % UInt64(end))
                switch generator.next() % 4 {
                case 0: state[place] ^= 1 << UInt8(generator.next() % 8)
                case 1: state[place] = odd[Int(generator.next() % 7)]
                case 2: state[place] = UInt8(truncatingIfNeeded: generator.next())
                default:
                    let other = Int(generator.next() % UInt64(state.count))
                    for index in 0..<min(4, state.count - max(place, other)) {
                        state[place + index] = state[other + index]
                    }
                }
            }
            let sealed = mutation % 2 == 0
            if sealed { seal(&state) }
            guard let forest = try? RandomCutForest(state: state, memoryLimit: 1 << 22) else { continue }
            if let broken = forest.brokenInvariant() {
                Issue.record("mutation \(mutation) of seed \(seed): \(broken)")
                return
            }
            guard mutation % 16 == 0 else { continue }
            let row = [Float](repeating: 0.5, count: forest.configuration.dimensions)
            for _ in 0..<3 { _ = try forest.scoreThenUpdate(row) }
            _ = try forest.attribution(row)
        }
    }

    @Test("that 20,000 mutations changed is an error or a sound forest")
    func fuzz() throws { try Self.fuzz(20_000, seed: 1) }

    @Test(
        "that ten million mutations changed is an error or a sound forest",
        .enabled(
            if: ProcessInfo.processInfo.environment["TIMBERLINE_SLOW_TESTS"] == "1",
            "slow: ten million mutations take minutes"
        )
    )
    func longFuzz() throws { try Self.fuzz(10_000_000, seed: 2) }
}
