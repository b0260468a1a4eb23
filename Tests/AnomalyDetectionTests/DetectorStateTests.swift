import SeededNumbers
import Testing

@testable import AnomalyDetection

@Suite("The saved state of a detector")
struct DetectorStateTests {
    @Test(
        "goes on with the same bits as if it had never stopped",
        arguments: StateStream.allCases,
        [1, 2, 3]
    )
    func sameBits(_ stream: StateStream, _ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let lines = stream.lines(seed: seed)
        let expected = try stream.detector(lines).outcomes(of: lines)
        #expect(expected.contains { $0.contains("Driver(") }, "nothing was anomalous")
        for threads in [1, 3] {
            var detector = try stream.detector(lines, threads: threads)
            var outcomes: [String] = []
            while outcomes.count < lines.count {
                var next = min(lines.count, outcomes.count + Int.random(in: 1...90, using: &random))
                // Once between the years, where only the state knows that it was December.
                if outcomes.count < StateStream.newYear { next = min(next, StateStream.newYear) }
                outcomes += try detector.outcomes(of: lines[outcomes.count..<next])
                let state = detector.encodedState()
                detector = try StreamDetector.restored(
                    from: state,
                    settings: stream.settings,
                    threads: Int.random(in: 1...3, using: &random)
                )
                #expect(detector.encodedState() == state)
            }
            #expect(outcomes == expected)
        }
    }

    @Test(
        "is kept by a store that is given the changes only, entities whole or their rows",
        arguments: StateStream.allCases,
        [1, 2, 3, 4]
    )
    func changes(_ stream: StateStream, _ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let lines = stream.lines(seed: seed)
        let expected = try stream.detector(lines).outcomes(of: lines)
        var detector = try stream.detector(lines)
        var store = EntityStore(keepsRows: seed > 2)
        var outcomes: [String] = []
        while outcomes.count < lines.count {
            let next = min(lines.count, outcomes.count + Int.random(in: 1...20, using: &random))
            outcomes += try detector.outcomes(of: lines[outcomes.count..<next])
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                // A write that failed.
                var copy = store
                copy.save(detector)
            case 1: store.save(detector)
            case 2:
                store.save(detector)
                let state = detector.encodedState()
                detector = try store.restored(try stream.settings, &random)
                #expect(detector.encodedState() == state)
            default: continue
            }
        }
        #expect(outcomes == expected)
    }

    @Test("with rows is stored in few bytes, and whole again when the rows are many")
    func rows() throws {
        let stream = StateStream.json
        let lines = stream.lines(seed: 1)
        let detector = try stream.detector(lines)
        var store = EntityStore(keepsRows: true)
        var wholes: [Int] = []
        for index in lines.indices {
            _ = try detector.outcomes(of: lines[index...index])
            store.save(detector)
            if store.rows.isEmpty, store.entities.count == 1 { wholes.append(Int(detector.revision)) }
        }
        #expect(Set(wholes) == [1, RowLog.limit + 2])
        #expect(store.rows.values.allSatisfy { $0.count < 40 * RowLog.limit })
    }

    @Test("a call that finds nothing changed writes nothing, and one record makes one entity change")
    func unchanged() throws {
        let lines = StateStream.entities.lines(seed: 1)
        let detector = try StateStream.entities.detector(lines)
        _ = try detector.outcomes(of: lines[..<40])
        var store = EntityStore()
        store.save(detector)
        let count = store.writeCount
        #expect(count == detector.entityCount)
        store.save(detector)
        #expect(store.writeCount == count)
        let again = [Array("{\"service\":\"s1\",\"ms\":3}".utf8)]
        _ = try detector.outcomes(of: again)
        #expect(detector.changes(after: store.revision).changedEntities == [Array("s1".utf8)])
        #expect(!detector.changes(after: store.revision).isComplete)
        #expect(detector.changes(after: detector.revision + 1).isComplete)
    }

    @Test("keeps that the last records were forgotten")
    func forgotten() throws {
        let lines = StateStream.entities.lines(seed: 1)
        let detector = try StateStream.entities.detector(lines)
        _ = try detector.outcomes(of: lines[..<100])
        var store = EntityStore(keepsRows: true)
        store.save(detector)
        detector.forgetPrevious()
        store.save(detector)
        var random = SeededGenerator(seed: 1)
        let copy = try store.restored(try StateStream.entities.settings, &random)
        #expect(try copy.outcomes(of: lines[100...]) == detector.outcomes(of: lines[100...]))
    }

    @Test("with more entities than now allowed, drops the longest unused, and tells the store")
    func lowerLimit() throws {
        let lines = StateStream.entities.lines(seed: 1)
        let detector = try StateStream.entities.detector(lines)
        _ = try detector.outcomes(of: lines[..<100])
        var store = EntityStore()
        store.save(detector)
        let kept = detector.changes(after: 0).changedEntities.suffix(4)
        var settings = try StateStream.entities.settings
        settings.detector.maximumEntities = 4
        var random = SeededGenerator(seed: 1)
        let dropped = detector.entityCount - 4
        let copy = try store.restored(settings, &random)
        #expect(copy.entityCount == 4 && copy.droppedEntityCount == detector.droppedEntityCount + dropped)
        store.save(copy)
        #expect(Set(store.entities.keys) == Set(kept))
        #expect(try store.restored(settings, &random).encodedState() == copy.encodedState())
    }
}
