import AnomalyDetection
public import DetectionPipeline
public import SQLite

/// Which stored records to read; every given condition must hold.
public struct AnomalyQuery: Sendable, Hashable {
    /// First instant, nanoseconds since 1970, included.
    public var since: Int64?
    /// Last instant, excluded.
    public var until: Int64?
    public var entity: String?
    public var minimumScore: Double?
    /// Also records that were stored without being anomalous.
    public var includesNormal = false
    /// The newest this many, oldest of them first; nil for all.
    public var limit: Int?

    public init() {}
}

/// Reads a store, which another process may be writing.
public final class AnomalyStoreReader {
    private let database: SQLiteDatabase

    /// Opens an existing file.
    public init(path: String) throws(SQLiteError) {
        database = try SQLiteDatabase(path: path, access: .readOnly)
        guard try StoreSchema.version(of: database) > 0 else {
            throw SQLiteError(code: .damaged, message: "store \(path): holds no anomalies table")
        }
    }

    /// Number of stored records.
    public func count() throws(SQLiteError) -> Int {
        Int(try database.integer("SELECT count(*) FROM anomalies"))
    }

    /// Hands the records that match to `body`, oldest first. O(log n + matches)
    /// by time or entity, O(n) by score alone.
    public func forEach(
        _ query: AnomalyQuery,
        _ body: (ScoredRecord) throws -> Void
    ) throws {
        var conditions = query.includesNormal ? [] : ["anomalous = 1"]
        if query.since != nil { conditions.append("time >= ?1") }
        if query.until != nil { conditions.append("time < ?2") }
        if query.entity != nil { conditions.append("entity = ?3") }
        if query.minimumScore != nil { conditions.append("score >= ?4") }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let anomalies = try database.prepare(
            """
            SELECT * FROM (
                SELECT id, origin, source, partition, offset, record_time, time, entity, score, threshold,
                    early, line, line_truncated
                FROM anomalies \(filter) ORDER BY time DESC, id DESC LIMIT ?5
            ) ORDER BY time, id
            """
        )
        anomalies.bind(1, query.since)
        anomalies.bind(2, query.until)
        anomalies.bind(3, query.entity)
        anomalies.bind(4, query.minimumScore)
        anomalies.bind(5, Int64(query.limit ?? -1))
        let drivers = try database.prepare(
            """
            SELECT feature, observed, expected, direction, share, unit FROM drivers
            WHERE anomaly = ? ORDER BY rank
            """
        )
        while try anomalies.step() {
            try body(try record(anomalies, drivers))
        }
    }

    private func record(_ row: SQLiteStatement, _ drivers: SQLiteStatement) throws(SQLiteError)
        -> ScoredRecord
    {
        drivers.bind(1, row.integer(0))
        defer { drivers.reset() }
        var verdict = Verdict(
            score: row.real(8),
            threshold: row.real(9),
            isEarly: row.integer(10) == 1,
            entity: row.text(7),
            drivers: []
        )
        while try drivers.step() { verdict.drivers.append(driver(drivers)) }
        return ScoredRecord(
            identity: RecordIdentity(
                stream: RecordStream(
                    origin: row.text(1),
                    name: row.text(2),
                    partition: Int32(truncatingIfNeeded: row.integer(3))
                ),
                offset: row.integer(4),
                timestampMilliseconds: row.integer(5)
            ),
            time: row.isNull(6) ? nil : row.integer(6),
            verdict: verdict,
            line: row.isNull(11) ? nil : row.text(11),
            isLineTruncated: row.integer(12) == 1
        )
    }

    private func driver(_ row: SQLiteStatement) -> Driver {
        Driver(
            feature: row.text(0),
            observed: row.isNull(1) ? nil : row.real(1),
            expected: row.real(2),
            direction: Driver.Direction(rawValue: row.text(3)) ?? .above,
            share: row.real(4),
            unit: row.text(5)
        )
    }
}
