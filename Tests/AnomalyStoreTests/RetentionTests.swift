import AnomalyDetection
import DetectionPipeline
import Foundation
import SQLite
import Testing

@testable import AnomalyStore

@Suite final class RetentionTests {
    private let path = NSTemporaryDirectory() + "timberline-retention-\(UUID().uuidString).db"

    deinit {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    /// Record `offset` is of second `offset`, with two drivers and a line of 200 bytes.
    private func records(_ offsets: Range<Int64>) -> [ScoredRecord] {
        offsets.map { offset in
            ScoredRecord(
                identity: RecordIdentity(
                    stream: RecordStream(origin: "kafka:c/t", name: "t"),
                    offset: offset
                ),
                time: offset * 1_000_000_000,
                verdict: Verdict(
                    score: 4,
                    threshold: 3,
                    isEarly: false,
                    entity: "e\(offset % 7)",
                    drivers: ["a", "b"].map {
                        Driver(feature: $0, observed: 1, expected: 0, direction: .above, share: 0.5, unit: "")
                    }
                ),
                line: String(repeating: "x", count: 200)
            )
        }
    }

    private func offsets() throws -> [Int64] {
        var found: [Int64] = []
        try AnomalyStoreReader(path: path).forEach(AnomalyQuery()) { found.append($0.identity.offset) }
        return found
    }

    @Test("by age: what is older goes, with its drivers; what is as old as allowed stays")
    func age() throws {
        let store = try AnomalyStore(path: path)
        try store.store(records(0..<100))
        let policy = RetentionPolicy(maximumAge: .seconds(50))
        #expect(try store.prune(policy, at: 40_000) == .init(count: 0, isComplete: true))
        #expect(try store.prune(policy, at: 120_000) == .init(count: 70, isComplete: true))
        #expect(try offsets() == Array(70..<100))
        #expect(try store.database.integer("SELECT count(*) FROM drivers") == 60)
        #expect(try store.prune(policy, at: 120_000).count == 0)
    }

    @Test("a step removes no more than its bound, and says that there is more")
    func bound() throws {
        let store = try AnomalyStore(path: path)
        try store.store(records(0..<100))
        let policy = RetentionPolicy(maximumAge: .seconds(0), maximumBytes: 0)
        #expect(try store.prune(policy, at: 1_000_000, limit: 40) == .init(count: 40, isComplete: false))
        #expect(try offsets() == Array(40..<100))
        #expect(try store.prune(policy, at: 1_000_000, limit: 70) == .init(count: 60, isComplete: true))
        #expect(try offsets() == [])
    }

    @Test("by size: those stored first go, not more than it takes, and the file shrinks")
    func size() throws {
        let store = try AnomalyStore(path: path)
        // The last second is stored first.
        try store.store(records(5_000..<10_000))
        try store.store(records(0..<5_000))
        let before = try store.usedBytes()
        let policy = RetentionPolicy(maximumBytes: before / 2)
        #expect(try store.prune(RetentionPolicy(maximumBytes: before), at: 0).count == 0)
        let removal = try store.prune(policy, at: 0, limit: 100_000)
        #expect(removal.isComplete)
        let after = try store.usedBytes()
        #expect(after <= before / 2)
        #expect(after > before / 4)
        let stored = [Int64](5_000..<10_000) + Array(0..<5_000)
        #expect(try Set(offsets()) == Set(stored.dropFirst(removal.count)))
        try store.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        let bytes = try #require((attributes[.size] as? NSNumber)?.intValue)
        #expect(bytes < before * 3 / 4)
    }

    @Test("checkpoints in the same file take no room from the anomalies")
    func checkpoints() throws {
        let store = try AnomalyStore(path: path)
        try store.store(records(0..<1_000))
        let before = try store.usedBytes()
        let checkpoints = try SQLiteCheckpointStorage(path: path)
        var entries: [CheckpointKey: [UInt8]?] = [:]
        for index in 0..<50 {
            entries[CheckpointKey(stream: "s", name: "\(index)")] = Array(
                repeating: 7,
                count: 37 * index * index
            )
        }
        try checkpoints.write(entries)
        let after = try store.usedBytes()
        // The pages between and around the values count for the anomalies.
        let tolerance = entries.values.reduce(0) { $0 + ($1?.count ?? 0) } / 20
        #expect(tolerance < before / 4)
        #expect(abs(after - before) < tolerance)
        #expect(try store.prune(RetentionPolicy(maximumBytes: before + tolerance), at: 0).count == 0)
    }

    @Test("a record without a time is not too old, and goes when there is no room")
    func noTime() throws {
        let store = try AnomalyStore(path: path)
        var record = records(0..<1)[0]
        record.time = nil
        try store.store([record])
        #expect(try store.prune(RetentionPolicy(maximumAge: .seconds(1)), at: .max / 2).count == 0)
        #expect(try store.prune(RetentionPolicy(maximumBytes: 0), at: 0).count == 1)
    }
}
