import AnomalyDetection
import DetectionPipeline
import Foundation
import SQLite
import Testing

@testable import AnomalyStore

@Suite struct AnomalyStoreTests {
    let path = NSTemporaryDirectory() + "timberline-store-\(UUID().uuidString).db"

    func record(_ offset: Int64, origin: String = "kafka:c/t", time: Int64 = 1_000, score: Double = 4)
        -> ScoredRecord
    {
        ScoredRecord(
            identity: RecordIdentity(
                stream: RecordStream(origin: origin, name: "t", partition: 1),
                offset: offset,
                timestampMilliseconds: time
            ),
            time: time * 1_000_000,
            verdict: Verdict(
                score: score,
                threshold: 3,
                isEarly: false,
                entity: offset % 2 == 0 ? "even" : "odd",
                drivers: [
                    Driver(
                        feature: "bytes",
                        observed: 69e6,
                        expected: 9e3,
                        direction: .above,
                        share: 0.8,
                        unit: "B"
                    ),
                    Driver(
                        feature: "gap",
                        observed: nil,
                        expected: 0.5,
                        direction: .below,
                        share: 0.2,
                        unit: "s"
                    ),
                ]
            ),
            line: "line \(offset) 'quoted' é\u{0}x",
            isLineTruncated: offset == 3
        )
    }

    func all(_ query: AnomalyQuery = AnomalyQuery()) throws -> [ScoredRecord] {
        var found: [ScoredRecord] = []
        try AnomalyStoreReader(path: path).forEach(query) { found.append($0) }
        return found
    }

    @Test("what is read is what was stored, field by field")
    func roundTrip() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let records = (0..<5).map { record($0) }
        try AnomalyStore(path: path).store(records)
        #expect(try all() == records)
    }

    @Test("storing a record again, in the same or a later run, stores it once")
    func idempotent() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let records = (0..<5).map { record($0) }
        let store = try AnomalyStore(path: path)
        try store.store(records)
        try store.store(records)
        try AnomalyStore(path: path).store(records + [record(5)])
        #expect(try all().count == 6)
    }

    @Test("a topic made again has the same offsets at other times: other records")
    func recreatedTopic() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try AnomalyStore(path: path)
        try store.store([record(7, time: 1_000)])
        try store.store([record(7, time: 2_000)])
        try store.store([record(7, origin: "file:abc", time: 0), record(7, origin: "file:def", time: 0)])
        #expect(try all().count == 4)
    }

    @Test("a query filters by time, entity, score and number")
    func queries() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let records = (0..<10).map { record($0, time: 1_000 + $0, score: 4 + Double($0)) }
        try AnomalyStore(path: path).store(records + [record(99, time: 5_000, score: 1)])
        var query = AnomalyQuery()
        query.since = 1_002 * 1_000_000
        query.until = 1_008 * 1_000_000
        #expect(try all(query).map(\.identity.offset) == [2, 3, 4, 5, 6, 7])
        query.entity = "even"
        #expect(try all(query).map(\.identity.offset) == [2, 4, 6])
        query.minimumScore = 8
        #expect(try all(query).map(\.identity.offset) == [4, 6])
        query.limit = 1
        #expect(try all(query).map(\.identity.offset) == [6])
        var normal = AnomalyQuery()
        normal.includesNormal = true
        #expect(try all(normal).count == 11)
        #expect(try all().count == 10)
    }

    @Test("a full disk is an error that says so, and the batch is not half stored")
    func fullDisk() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try AnomalyStore(path: path)
        try store.store([record(0)])
        try store.database.execute("PRAGMA max_page_count = 12")
        let error = #expect(throws: SQLiteError.self) { try store.store((1..<2_000).map { record($0) }) }
        #expect(error?.code == .full)
        #expect(error?.message.contains(path) == true)
        #expect(try all().count == 1)
        try store.database.execute("PRAGMA max_page_count = 100000")
        try store.store((1..<2_000).map { record($0) })
        #expect(try all().count == 2_000)
    }

    @Test("a file that is no store, or of a newer version, is refused by name")
    func refused() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("not a database, but long enough to look like one".utf8).write(to: URL(filePath: path))
        let damaged = #expect(throws: SQLiteError.self) { try AnomalyStore(path: path) }
        #expect(damaged?.code == .damaged)
        try FileManager.default.removeItem(atPath: path)
        let database = try SQLiteDatabase(path: path, access: .readWrite)
        try database.execute("PRAGMA user_version = 99")
        let newer = #expect(throws: SQLiteError.self) { try AnomalyStore(path: path) }
        #expect(newer?.code == .newerSchema)
        let missing = #expect(throws: SQLiteError.self) { try AnomalyStoreReader(path: "/nonexistent/x.db") }
        #expect(missing?.code == .cannotOpen)
    }
}
