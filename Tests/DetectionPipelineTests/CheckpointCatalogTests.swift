import DetectionPipeline
import Testing

@Suite struct CheckpointCatalogTests {
    private let storage = MemoryStorage()
    private let stream = RecordStream(origin: "kafka:c/t", name: "t", partition: 3)

    private func save(_ offset: Int64, group: String = "g/ü %", of stream: RecordStream) throws {
        let store = CheckpointStore(storage, group: group)
        _ = try store.load([stream], generation: 1)
        try store.save(CheckpointChange(nextOffset: offset, savedAt: 5, isWhole: true), of: stream)
    }

    @Test("streams are listed with their groups and partitions, whatever their names hold")
    func list() throws {
        var other = stream
        other.partition = 4
        try save(1, of: other)
        try save(1, of: stream)
        try save(1, group: "f", of: stream)
        storage.entries[CheckpointKey(stream: "what/else", name: "1-1/head")] = []
        let streams = try CheckpointCatalog(storage).streams()
        #expect(streams.map(\.description) == ["f/t/3", "g/ü %/t/3", "g/ü %/t/4"])
        #expect(streams.map(\.origin) == ["kafka:c/t", "kafka:c/t", "kafka:c/t"])
    }

    @Test("a stream at its start is whole; one whose save was never finished says so")
    func inspect() throws {
        try save(42, of: stream)
        let catalog = CheckpointCatalog(storage)
        let found = try #require(try catalog.streams().first)
        let inspection = try catalog.inspect(found)
        #expect(inspection.isWhole)
        #expect(inspection.checkpoint?.nextOffset == 42 && inspection.checkpoint?.savedAt == 5)
        #expect(inspection.checkpoint?.models == nil)
        #expect(inspection.entryCount == storage.entries.count)
        storage.entries = storage.entries.filter { !$0.key.name.hasSuffix("head") }
        let headless = try catalog.inspect(found)
        #expect(!headless.isWhole && headless.problems == ["no save was ever finished"])
    }

    @Test("forgetting a stream leaves the others, and cut off anywhere leaves no half")
    func forget() throws {
        var other = stream
        other.partition = 4
        for writes in 0..<100 {
            (storage.entries, storage.writesLeft) = ([:], nil)
            try save(1, of: stream)
            try save(2, of: other)
            let catalog = CheckpointCatalog(storage)
            let target = try #require(try catalog.streams().first { $0.partition == 3 })
            storage.writesLeft = writes
            let isCut = (try? catalog.forget(target)) == nil
            storage.writesLeft = nil
            let found = try CheckpointStore(storage, group: "g/ü %").load([stream, other], generation: 2) {
                Issue.record("\($0): \($1)")
            }
            #expect(found[other]?.nextOffset == 2)
            #expect(found[stream] == nil || (isCut && found[stream]?.nextOffset == 1))
            if !isCut {
                #expect(try catalog.streams().map(\.partition) == [4])
                return
            }
        }
        Issue.record("nothing was ever forgotten")
    }
}
