import DetectionPipeline
import Testing

@Suite struct CheckpointRetentionTests {
    private let storage = MemoryStorage()
    private let streams = (0..<4).map { RecordStream(origin: "kafka:c/t", name: "t", partition: $0) }
    private let hour: Int64 = 3_600_000

    /// An instance that has these streams, and has saved each at its time, in hours.
    private func owner(_ times: [Int: Int64], group: String = "g", bytes: Int = 0) throws -> CheckpointStore {
        let store = CheckpointStore(storage, group: group)
        for (index, time) in times.sorted(by: { $0.key < $1.key }) {
            _ = try store.load([streams[index]], generation: 1)
            try save(index, time, in: store, bytes: bytes)
        }
        return store
    }

    private func save(_ index: Int, _ time: Int64, in store: CheckpointStore, bytes: Int = 0) throws {
        let sections = ["stream": [UInt8](repeating: 7, count: bytes)]
        try store.save(
            CheckpointChange(nextOffset: 1, savedAt: time * hour, changed: sections, isWhole: true),
            of: streams[index]
        )
    }

    private var left: [String] {
        get throws { try CheckpointCatalog(storage).streams().map { "\($0.group)\($0.partition)" } }
    }

    private let day = RetentionPolicy(maximumAge: .seconds(86_400))

    @Test(
        "what nobody has saved for too long goes, at the second look; never what is ours",
        arguments: [true, false]
    )
    func age(isShared: Bool) throws {
        storage.isShared = isShared
        let store = try owner([0: 0, 1: 0, 2: 20])
        store.forget(streams[1])
        store.forget(streams[2])
        #expect(try store.prune(RetentionPolicy(), at: 30 * hour) == 0)
        #expect(try store.prune(day, at: 20 * hour) == 0)
        #expect(!store.hasSuspects)
        #expect(try store.prune(day, at: 30 * hour) == 0)
        #expect(store.hasSuspects)
        #expect(try store.prune(day, at: 30 * hour + 60_000) == 0)
        #expect(try store.prune(day, at: 31 * hour) == 1)
        #expect(!store.hasSuspects)
        #expect(try left == ["g0", "g2"])
    }

    @Test("one that is saved between two looks is somebody's")
    func savedBetween() throws {
        let store = try owner([0: 0])
        let other = try owner([1: 0])
        #expect(try store.prune(day, at: 30 * hour) == 0)
        try save(1, 30, in: other)
        #expect(try store.prune(day, at: 31 * hour) == 0)
        // One that we get between two looks is ours.
        _ = try store.load([streams[1]], generation: 2)
        #expect(try store.prune(day, at: 60 * hour) == 0)
        #expect(try store.prune(day, at: 61 * hour) == 0)
        #expect(try left == ["g0", "g1"])
    }

    @Test("before the group has given us anything it cannot be told")
    func nothingOurs() throws {
        _ = try owner([0: 0])
        let store = CheckpointStore(storage, group: "g")
        #expect(try store.prune(day, at: 100 * hour) == nil)
        #expect(try store.prune(day, at: 200 * hour) == nil)
        #expect(try left == ["g0"])
    }

    @Test("other groups are left alone where they share the place", arguments: [true, false])
    func groups(isShared: Bool) throws {
        storage.isShared = isShared
        let store = try owner([0: 0])
        _ = try owner([1: 0], group: "f")
        for time in [100, 101] as [Int64] { _ = try store.prune(day, at: time * hour) }
        #expect(try left == (isShared ? ["f1", "g0"] : ["g0"]))
    }

    @Test("by size: those saved longest ago go until all fit; ours count, and stay")
    func size() throws {
        let store = try owner([0: 0, 1: 3, 2: 1, 3: 2], bytes: 10_000)
        for index in 1...3 { store.forget(streams[index]) }
        let total = storage.entries.values.reduce(0) { $0 + $1.count }
        func prune(_ bytes: Int, _ time: Int64) throws -> Int? {
            _ = try store.prune(RetentionPolicy(maximumBytes: bytes), at: time * hour)
            return try store.prune(RetentionPolicy(maximumBytes: bytes), at: (time + 1) * hour)
        }
        #expect(try prune(total, 10) == 0)
        #expect(try prune(total - 1, 20) == 1)
        #expect(try left == ["g0", "g1", "g3"])
        #expect(try prune(1, 30) == 2)
        #expect(try left == ["g0"])
    }

    @Test(
        "a stream at rest is saved again now and then where others see it, and there alone",
        arguments: [true, false]
    )
    func refresh(isShared: Bool) throws {
        storage.isShared = isShared
        let clock = SleepingClock()
        let lines = Lines(stream: streams[0], lines: (0..<100).map { "{\"duration_ms\":\($0 % 7)}" })
        let quiet = streams[1]
        let source = ScriptedSource(
            [.assigned(StreamAssignment(streams: [streams[0], quiet])), lines.batch(0..<100)]
                + Array(repeating: .idle, count: 100)
        )
        source.starts = [streams[0]: 0, quiet: 5]
        var settings = PipelineSettings()
        settings.checkpoints.refresh = .seconds(600)
        let catalog = CheckpointCatalog(storage)
        var saves: [Int32: Set<Int64>] = [:]
        source.onNext = { _ in
            clock.sleep(until: clock.now + .seconds(60))
            for stream in (try? catalog.streams()) ?? [] {
                guard let found = try? catalog.inspect(stream).checkpoint else { continue }
                saves[stream.partition, default: []].insert(found.savedAt)
            }
        }
        let pipeline = Pipeline(
            source: source,
            sinks: [KeepingSink()],
            deadLetters: nil,
            settings: settings,
            checkpoints: CheckpointStore(storage, group: "g"),
            clock: clock
        )
        try pipeline.run()
        // A hundred minutes by tens, after the beginning and, of one, after the records.
        #expect(saves[0]?.count == (isShared ? 12 : 2))
        #expect(saves[1]?.count == (isShared ? 11 : 1))
        let (found, rest) = (try load(streams[0]), try load(quiet))
        #expect(found?.nextOffset == 100 && found?.sections.isEmpty == false)
        #expect(rest?.nextOffset == 5 && rest?.sections.isEmpty == true)
    }

    private func load(_ stream: RecordStream) throws -> Checkpoint? {
        try CheckpointStore(storage, group: "g").load([stream], generation: 9)[stream]
    }
}
