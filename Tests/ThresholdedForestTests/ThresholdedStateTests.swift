import RandomCutForest
import SeededNumbers
import Testing

@testable import BinaryCoding
@testable import ThresholdedForest

@Suite("The saved state of a thresholded forest")
struct ThresholdedStateTests {
    static func configuration(_ transform: Transform) -> ThresholdedRandomCutForest.Configuration {
        var configuration = ThresholdedRandomCutForest.Configuration(
            .init(dimensions: 2, shingleSize: 3, treeCount: 10, sampleSize: 64, seed: 8),
            transform: transform
        )
        configuration.missingValues = .imputed
        configuration.correction.adjustsAutomatically = true
        configuration.correction.nearExpected = [.init(above: 1), .init(belowRatio: 0.5)]
        if transform != .none { configuration.transform.weights = [1, 2] }
        if transform == .normalize { configuration.transform.scale = .deviation(atLeast: 0.5) }
        return configuration
    }

    static let stream: [[Double]] = {
        var stream = PlantedStream(count: 400, seed: 12, spikes: [120: (0, 60), 121: (1, 90), 250: (1, -60)])
        for row in [3, 40, 200] { stream.rows[row][1] = .nan }
        return stream.rows
    }()

    @Test("goes on as if it had never stopped", arguments: Transform.allCases)
    func sameBits(transform: Transform) throws {
        let original = try ThresholdedRandomCutForest(Self.configuration(transform))
        var copy = original
        for (index, row) in Self.stream.enumerated() {
            if index < 15 || index % 30 < 3 {
                let state = copy.encodedState()
                #expect(state == original.encodedState())
                copy = try ThresholdedRandomCutForest(state: state)
                #expect(copy.configuration == original.configuration)
                #expect(copy.readiness == original.readiness)
            }
            if index == 300 {
                #expect(original.corrector.lastAnomaly != nil)
                original.beginShingle()
                copy.beginShingle()
            }
            #expect(try original.process(row) == copy.process(row), "row \(index)")
        }
        #expect(copy !== original)
    }

    @Test("in the compact form finds the same anomalies")
    func compact() throws {
        let original = try ThresholdedRandomCutForest(Self.configuration(.none))
        for row in Self.stream[..<250] { _ = try original.process(row) }
        let state = original.encodedState(.compact)
        #expect(state.count < original.encodedState().count)
        let copy = try ThresholdedRandomCutForest(state: state)
        #expect(try copy.process(Self.stream[250]).grade == 1)
    }

    @Test("that is another thing, newer, cut or changed is an error")
    func damaged() throws {
        let forest = try ThresholdedRandomCutForest(Self.configuration(.normalize))
        for row in Self.stream[..<200] { _ = try forest.process(row) }
        let state = forest.encodedState()
        func code(_ state: [UInt8], limit: Int = 1 << 30) -> ForestError.Code? {
            do throws(ForestError) {
                _ = try ThresholdedRandomCutForest(state: state, memoryLimit: limit)
                return nil
            } catch { return error.code }
        }
        #expect(code(state) == nil)
        #expect(code([]) == .damagedState)
        #expect(code(forest.forest.encodedState()) == .damagedState)
        #expect(code(state, limit: 100) == .stateTooLarge)
        var newer = state
        newer[8] = 2
        #expect(code(newer) == .newerState)
        for length in stride(from: 0, to: state.count, by: 97) {
            #expect(code(Array(state[..<length])) == .damagedState)
        }
        for place in stride(from: 12, to: state.count, by: 31) {
            var changed = state
            changed[place] ^= 0x10
            #expect(code(changed) == .damagedState, "byte \(place)")
        }
        #expect(code(state + [0]) == .damagedState)
    }

    @Test("that mutations changed, its checksum made right again, is an error or a forest that works")
    func fuzz() throws {
        var generator = SeededGenerator(seed: 6)
        var states: [[UInt8]] = []
        for (transform, rows) in [(Transform.none, 5), (.normalize, 130), (.normalizeDifference, 260)] {
            let forest = try ThresholdedRandomCutForest(Self.configuration(transform))
            for row in Self.stream[..<rows] { _ = try forest.process(row) }
            states.append(forest.encodedState())
        }
        let odd: [UInt8] = [0, 1, 0x7F, 0x80, 0xF0, 0xFF]
        var loaded = 0
        for mutation in 0..<6000 {
            var state = states[mutation % states.count]
            // Behind the forest's own state, whose reader has its own fuzz: header, then that of section 1.
            let inner = state[40..<48].reversed().reduce(0) { $0 << 8 | Int($1) }
            for _ in 0...generator.next() % 3 {
                let place = Int.random(in: 48 + inner..<state.count, using: &generator)
                let random = UInt8(truncatingIfNeeded: generator.next())
                state[place] = generator.next() % 2 == 0 ? odd[Int(random) % odd.count] : random
            }
            let sum = SectionedForm.checksum(state)
            withUnsafeBytes(of: sum.littleEndian) { state.replaceSubrange(24..<32, with: $0) }
            guard let forest = try? ThresholdedRandomCutForest(state: state) else { continue }
            loaded += 1
            for row in Self.stream[260..<264] { _ = try? forest.process(row) }
            _ = try? forest.process([1e6, -1e6])
            #expect(forest.encodedState().count > 32)
        }
        #expect(loaded > 300, "\(loaded)")
    }
}
