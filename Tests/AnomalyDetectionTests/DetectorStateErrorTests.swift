import LogRecords
import SeededNumbers
import Testing

@testable import AnomalyDetection
@testable import BinaryCoding

@Suite("A saved detector that cannot be gone on from")
struct DetectorStateErrorTests {
    /// A detector of several entities, and a store that holds it.
    static func saved() throws -> (detector: StreamDetector, store: EntityStore) {
        let stream = StateStream.entities
        let lines = stream.lines(seed: 4)
        let detector = try stream.detector(lines)
        _ = try detector.outcomes(of: lines[..<150])
        var store = EntityStore()
        store.save(detector)
        return (detector, store)
    }

    static func code(_ body: () throws -> Void) -> DetectorStateError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? DetectorStateError)?.code
        }
    }

    @Test("is damaged at every shorter length, and with a byte more")
    func truncated() throws {
        let stream = StateStream.pattern
        let lines = stream.lines(seed: 1)
        let detector = try stream.detector(lines)
        _ = try detector.outcomes(of: lines[..<20])
        let (state, settings) = (detector.encodedState(), try stream.settings)
        for length in stride(from: 0, to: state.count, by: 13) {
            for isSealed in [false, true] {
                var short = Array(state[..<length])
                if isSealed { Self.seal(&short) }
                let code = Self.code { _ = try StreamDetector.restored(from: short, settings: settings) }
                #expect(code == .damaged, "length \(length)")
            }
        }
        #expect(
            Self.code { _ = try StreamDetector.restored(from: state + [0], settings: settings) } == .damaged
        )
    }

    @Test("is newer if the whole or a section is, and whole with a section that is not known")
    func newer() throws {
        let (detector, _) = try Self.saved()
        let header = detector.changes(after: 0).header
        var changed = header
        changed[8] = 2
        Self.seal(&changed)
        #expect(Self.code { _ = try SavedStream(header: changed) } == .newer)
        changed = header
        changed[32 + 4] = 2
        Self.seal(&changed)
        #expect(Self.code { _ = try SavedStream(header: changed) } == .newer)
        changed = header + [200, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 42]
        changed[12] += 1
        Self.seal(&changed)
        #expect(try SavedStream(header: changed).revision == detector.revision)
    }

    @Test("names each setting that its models were not made with, and goes on under the others")
    func mismatch() throws {
        let (_, store) = try Self.saved()
        let saved = try SavedStream(header: store.header)
        #expect(saved.changes(to: try StateStream.entities.settings).isEmpty)
        let changes: [(SettingChange.Setting, (inout StreamSettings) -> Void)] = [
            (.scoring, { $0.scoring = .external("elsewhere") }),
            (.format, { $0.format = .log(.logfmt) }), (.features, { $0.features = nil }),
            (.features, { $0.features?[1].noiseFloor = 0.2 }), (.entityField, { $0.entityField = nil }),
            (.treeCount, { $0.detector.treeCount = 11 }), (.sampleSize, { $0.detector.sampleSize = 31 }),
            (.timeDecay, { $0.detector.timeDecay = nil }), (.seed, { $0.detector.seed = 6 }),
            (.warmUp, { $0.detector.warmUp = 9 }), (.threshold, { $0.detector.threshold = .fixed(2) }),
            (.normalizationWindow, { $0.detector.normalizationWindow = 10 }),
            (.maximumEntities, { $0.detector.maximumEntities = 12 }),
        ]
        for (setting, change) in changes {
            var settings = try StateStream.entities.settings
            change(&settings)
            let found = saved.changes(to: settings)
            #expect(found.map(\.setting) == [setting])
            #expect(found.allSatisfy { $0.saved != $0.configured || setting == .features })
            var random = SeededGenerator(seed: 0)
            do {
                let detector = try store.restored(settings, &random)
                #expect(found[0].keepsModels)
                #expect(detector.settings.detector == settings.detector)
            } catch let error as DetectorStateError {
                #expect(error.code == .mismatch && error.changes == found && !found[0].keepsModels)
                #expect(error.message.contains(setting.rawValue))
            }
        }
    }

    @Test("is incomplete with an entity missing, twice, too old or of another stream")
    func incomplete() throws {
        var (detector, store) = try Self.saved()
        let older = store
        _ = try detector.outcomes(of: StateStream.entities.lines(seed: 4)[150..<170])
        store.save(detector)
        let names = store.entities.keys.sorted { $0.lexicographicallyPrecedes($1) }
        let changed = try #require(
            names.first { older.entities[$0] != nil && older.entities[$0] != store.entities[$0] }
        )
        let settings = try StateStream.entities.settings
        func code(_ entities: [[UInt8]]) -> DetectorStateError.Code? {
            Self.code {
                var restoration = try StreamRestoration(SavedStream(header: store.header), settings: settings)
                try restoration.add(entities)
                _ = try restoration.finish()
            }
        }
        let all = names.compactMap { store.entities[$0] }
        #expect(code(all) == nil)
        #expect(code(Array(all.dropLast())) == .incomplete)
        #expect(code(all.dropLast() + [all[0]]) == .incomplete)
        #expect(
            code(names.compactMap { $0 == changed ? older.entities[$0] : store.entities[$0] }) == .incomplete
        )
        #expect(code(all + [all[0]]) == .incomplete)
        #expect(code(all.dropLast() + [store.header]) == .damaged)
    }

    /// Makes length and checksum right again.
    static func seal(_ state: inout [UInt8]) {
        guard state.count >= SectionedForm.headerSize else { return }
        var count = UInt64(state.count)
        for index in 16..<24 {
            state[index] = UInt8(truncatingIfNeeded: count)
            count >>= 8
        }
        var sum = SectionedForm.checksum(state)
        for index in 24..<32 {
            state[index] = UInt8(truncatingIfNeeded: sum)
            sum >>= 8
        }
    }

    @Test("because 20,000 mutations changed it is an error, or goes on scoring")
    func fuzz() throws {
        var random = SeededGenerator(seed: 3)
        func number(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        var sources: [(stream: StateStream, settings: StreamSettings, store: EntityStore, lines: [[UInt8]])] =
            []
        for stream in StateStream.allCases {
            let lines = stream.lines(seed: 2)
            // Small models: half of the mutations then hit what is not the forest.
            var settings = try stream.settings
            settings.detector.treeCount = 2
            settings.detector.sampleSize = 4
            settings.detector.warmUp = 3
            let detector = try stream.detector(lines, settings: settings)
            var store = EntityStore(keepsRows: true)
            for part in [0..<50, 50..<60] {
                _ = try detector.outcomes(of: lines[part])
                store.save(detector)
            }
            sources.append((stream, settings, store, Array(lines[60..<63])))
        }
        var loadedCount = 0
        for _ in 0..<20_000 {
            let source = sources[number(sources.count)]
            var header = source.store.header
            var entities = source.store.entities.values.map { $0 }
            var rows = source.store.rows.values.map { $0 }
            let target = number(3)
            var bytes = [header, entities[0], rows[0]][target]
            for _ in 0...number(2) {
                let place = number(bytes.count)
                switch number(4) {
                case 0: bytes[place] ^= 1 << UInt8(number(8))
                case 1: bytes[place] = [0, 1, 2, 0x7f, 0x80, 0xfe, 0xff][number(7)]
                case 2: bytes[place] = UInt8(number(256))
                default:
                    let other = number(bytes.count)
                    for index in 0..<min(8, bytes.count - max(place, other)) {
                        bytes[place + index] = bytes[other + index]
                    }
                }
            }
            if number(8) > 0 { Self.seal(&bytes) }
            switch target {
            case 0: header = bytes
            case 1: entities[0] = bytes
            default: rows[0] = bytes
            }
            do throws(DetectorStateError) {
                var restoration = try StreamRestoration(
                    SavedStream(header: header),
                    settings: source.settings
                )
                try restoration.add(entities)
                try restoration.add(rows: rows)
                let detector = try restoration.finish()
                loadedCount += 1
                #expect((try? detector.outcomes(of: source.lines).count) == source.lines.count)
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
        #expect(loadedCount > 1_000, "too few mutations were gone on from to show anything")
    }
}
