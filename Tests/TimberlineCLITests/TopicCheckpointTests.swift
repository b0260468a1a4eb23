import DetectionPipeline
import Foundation
import KafkaClient
import KafkaConnector
import KafkaTestSupport
import SeededNumbers
import Telemetry
import Testing

/// Passes writes on to another storage until there were as many as it may.
private final class CutStorage: CheckpointStorage {
    private struct Cut: Error {}

    private let storage: any CheckpointStorage
    var writesLeft: Int

    init(_ storage: any CheckpointStorage, writes: Int) {
        self.storage = storage
        writesLeft = writes
    }

    var maximumValueBytes: Int { storage.maximumValueBytes }
    var isShared: Bool { storage.isShared }

    func streams() throws -> Set<String> { try storage.streams() }

    func entries(of streams: Set<String>) throws -> [CheckpointKey: [UInt8]] {
        try storage.entries(of: streams)
    }

    func write(_ changes: [CheckpointKey: [UInt8]?]) throws {
        guard writesLeft > 0 else { throw Cut() }
        writesLeft -= 1
        try storage.write(changes)
    }
}

/// Checkpoints in a topic of a real broker.
@Suite(.ownThread) struct TopicCheckpointTests {
    private func open(_ cluster: TestCluster, _ topic: String) throws -> TopicCheckpointStorage {
        try TopicCheckpointStorage(cluster.properties, topic: topic, logger: .silent)
    }

    /// Loads as a run does: a topic made a moment ago may have no leader yet.
    private func load(
        _ store: CheckpointStore,
        _ streams: [RecordStream],
        generation: Int32
    ) throws -> [RecordStream: Checkpoint] {
        for _ in 0..<100 {
            do {
                return try store.load(streams, generation: generation)
            } catch let error as KafkaError where error.isRetriable {
                usleep(100_000)
            }
        }
        return try store.load(streams, generation: generation)
    }

    private func stream(_ partition: Int32) -> RecordStream {
        RecordStream(origin: "kafka:c/t", name: "t", partition: partition)
    }

    /// Bytes that no compression makes smaller.
    private func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    private func change(_ offset: Int64, _ sections: [String: [UInt8]], isWhole: Bool = true)
        -> CheckpointChange
    {
        CheckpointChange(nextOffset: offset, savedAt: 1, changed: sections, isWhole: isWhole)
    }

    @Test(
        "sections above the message limit come back, and streams in one partition do not mix",
        arguments: TestKafka.real
    )
    func large(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        // One partition: too few for the streams, which is fine.
        let topic = try cluster.makeTopic("checkpoints", settings: ["cleanup.policy": "compact"])
        let (big, small) = (noise(2_500_000, seed: 1), noise(10, seed: 2))
        let streams = [stream(0), stream(1), stream(2)]
        let store = CheckpointStore(try open(cluster, topic), group: "g")
        #expect(try load(store, streams, generation: 1).isEmpty)
        try store.save(change(10, ["big": big, "small": small]), of: streams[0])
        try store.save(change(20, ["big": small]), of: streams[1])
        try store.save(change(11, ["small": big], isWhole: false), of: streams[0])
        let found = try CheckpointStore(try open(cluster, topic), group: "g").load(streams, generation: 2)
        #expect(found.count == 2)
        #expect(
            try CheckpointCatalog(try open(cluster, topic)).streams().map(\.description) == [
                "g/t/0", "g/t/1",
            ]
        )
        #expect(found[streams[0]]?.nextOffset == 11)
        #expect(found[streams[0]]?.sections == ["big": big, "small": big])
        #expect(found[streams[1]]?.sections == ["big": small])
        #expect(
            try CheckpointStore(try open(cluster, topic), group: "h").load(streams, generation: 2).isEmpty
        )
    }

    @Test(
        "a save that is cut off is ignored, and the next one removes what it left",
        arguments: TestKafka.real
    )
    func cut(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = cluster.uniqueName("checkpoints")
        let stream = stream(0)
        let storage = CutStorage(try open(cluster, topic), writes: .max)
        let store = CheckpointStore(storage, group: "g")
        _ = try load(store, [stream], generation: 1)
        try store.save(change(10, ["a": noise(2_000_000, seed: 1)]), of: stream)
        let name = try #require(try storage.streams().first)
        let count = try storage.entries(of: [name]).count
        // The bodies are written, the head is not.
        storage.writesLeft = 1
        #expect(throws: (any Error).self) {
            try store.save(change(11, ["a": noise(2_000_000, seed: 2)]), of: stream)
        }
        #expect(try storage.entries(of: [name]).count > count)
        let next = CheckpointStore(try open(cluster, topic), group: "g")
        let found = try next.load([stream], generation: 2)
        #expect(found[stream]?.nextOffset == 10)
        #expect(found[stream]?.sections == ["a": noise(2_000_000, seed: 1)])
        try next.save(change(12, ["a": noise(2_000_000, seed: 3)]), of: stream)
        // Tombstones have taken the rest away.
        #expect(try storage.entries(of: [name]).count == count)
        let last = try CheckpointStore(try open(cluster, topic), group: "g").load([stream], generation: 3)
        #expect(last[stream]?.nextOffset == 12)
    }

    @Test(
        "a topic whose records are deleted by age is refused, with the setting to change",
        arguments: TestKafka.real
    )
    func notCompacted(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        for policy in ["delete", "compact,delete"] {
            let topic = try cluster.makeTopic("checkpoints", settings: ["cleanup.policy": policy])
            let error = #expect(throws: KafkaError.self) { try open(cluster, topic) }
            #expect(error?.code == .unsuitableTopic)
            #expect(error?.description.contains("cleanup.policy=compact") == true)
        }
        let made = cluster.uniqueName("checkpoints")
        _ = try open(cluster, made)
        _ = try open(cluster, made)
    }
}
