import DetectionPipeline
import Testing

@Suite struct CheckpointStoreTests {
    private let storage = MemoryStorage()
    private let stream = RecordStream(origin: "kafka:c/t", name: "t", partition: 3)

    private func owner(generation: Int32 = 1, group: String = "g") throws -> CheckpointStore {
        let store = CheckpointStore(storage, group: group)
        _ = try store.load([stream], generation: generation)
        return store
    }

    private func found(_ group: String = "g", ignored: (String) -> Void = { _ in }) throws -> Checkpoint? {
        try CheckpointStore(storage, group: group).load([stream], generation: 9) { ignored($1) }[stream]
    }

    private func change(
        _ offset: Int64,
        _ sections: [String: String],
        removed: Set<String> = [],
        isWhole: Bool = false
    )
        -> CheckpointChange
    {
        CheckpointChange(
            nextOffset: offset,
            savedAt: offset * 10,
            changed: sections.mapValues { Array($0.utf8) },
            removed: removed,
            isWhole: isWhole
        )
    }

    private func text(_ checkpoint: Checkpoint?) -> [String: String]? {
        checkpoint?.sections.mapValues { String(decoding: $0, as: UTF8.self) }
    }

    @Test("what was saved is found, sections longer than a value and empty ones included")
    func roundTrip() throws {
        let long = String(repeating: "0123456789", count: 7) + "x"
        #expect(try found() == nil)
        try owner().save(change(42, ["a": long, "ü/..": "b", "c": ""], isWhole: true), of: stream)
        let checkpoint = try found()
        #expect(text(checkpoint) == ["a": long, "ü/..": "b", "c": ""])
        #expect(checkpoint?.nextOffset == 42 && checkpoint?.savedAt == 420)
        #expect(checkpoint?.stream == stream)
        #expect(storage.entries.values.allSatisfy { $0.count <= 10 || $0.starts(with: "TLchkpt1".utf8) })
    }

    @Test("a change keeps the sections that it does not name, and nothing is left behind")
    func changes() throws {
        let owner = try owner()
        try owner.save(change(1, ["a": "1", "b": "1", "c": "1"], isWhole: true), of: stream)
        let count = storage.entries.count
        for offset in 2...20 as ClosedRange<Int64> {
            try owner.save(change(offset, ["a": "\(offset % 10)"]), of: stream)
            #expect(storage.entries.count == count)
        }
        try owner.save(change(21, ["b": "2"], removed: ["c"]), of: stream)
        #expect(text(try found()) == ["a": "0", "b": "2"])
        try owner.save(change(22, ["d": "3"], isWhole: true), of: stream)
        #expect(text(try found()) == ["d": "3"])
    }

    @Test("a save that is cut off anywhere leaves the one before, and the next one is whole again")
    func cut() throws {
        for writes in 0..<200 {
            storage.entries = [:]
            storage.writesLeft = nil
            let owner = try owner()
            try owner.save(change(1, ["a": "first value of a", "b": "first"], isWhole: true), of: stream)
            storage.writesLeft = writes
            let isCut =
                (try? owner.save(change(2, ["a": "second value of a"], removed: ["b"]), of: stream)) == nil
            storage.writesLeft = nil
            let checkpoint = try found()
            #expect([1, 2].contains(try #require(checkpoint).nextOffset))
            #expect(
                text(checkpoint)
                    == (checkpoint?.nextOffset == 1
                        ? ["a": "first value of a", "b": "first"] : ["a": "second value of a"])
            )
            try owner.save(change(3, ["a": "third"], removed: ["b"]), of: stream)
            #expect(text(try found()) == ["a": "third"])
            #expect(try found()?.nextOffset == 3)
            if !isCut { return }
        }
        Issue.record("no save was ever whole")
    }

    @Test("an earlier owner that goes on writing never wins, whatever it writes")
    func zombie() throws {
        let first = try owner(generation: 5)
        try first.save(change(10, ["a": "old"], isWhole: true), of: stream)
        let second = try owner(generation: 6)
        try second.save(change(12, ["a": "new"], isWhole: true), of: stream)
        try first.save(change(99, ["a": "zombie"]), of: stream)
        try first.save(change(100, ["a": "zombie again"]), of: stream)
        #expect(text(try found()) == ["a": "new"])
        #expect(try found()?.nextOffset == 12)
        try second.save(change(13, ["a": "newer"]), of: stream)
        #expect(text(try found()) == ["a": "newer"])
    }

    @Test("a later owner wins also when the group begins at its first generation again")
    func generationsAnew() throws {
        try owner(generation: 57).save(change(10, ["a": "old"], isWhole: true), of: stream)
        try owner(generation: 1).save(change(11, ["a": "new"], isWhole: true), of: stream)
        #expect(text(try found()) == ["a": "new"])
    }

    @Test(
        "a checkpoint that is damaged or misses a part is left out with a word, and the one before is found"
    )
    func damaged() throws {
        try owner(generation: 1).save(change(1, ["a": "old"], isWhole: true), of: stream)
        let before = storage.entries
        try owner(generation: 2).save(change(2, ["a": "new"], isWhole: true), of: stream)
        // As if the later owner had died before it could remove the entries of the earlier one.
        let whole = storage.entries.merging(before) { new, _ in new }
        for key in storage.entries.keys {
            for bytes in [nil, Array(storage.entries[key]!.dropLast()), storage.entries[key]!.map { $0 ^ 1 }]
            {
                storage.entries = whole
                storage.entries[key] = bytes
                var reasons: [String] = []
                let checkpoint = try found { reasons.append($0) }
                #expect(text(checkpoint) == ["a": "old"], "\(key.name)")
                #expect(!reasons.isEmpty || bytes == nil)
                storage.entries = whole
            }
        }
    }

    @Test("groups and partitions do not see each other")
    func others() throws {
        try owner().save(change(1, ["a": "mine"], isWhole: true), of: stream)
        #expect(try found("another") == nil)
        var other = stream
        other.partition = 4
        #expect(try CheckpointStore(storage, group: "g").load([other], generation: 1)[other] == nil)
    }
}
