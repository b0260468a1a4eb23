import AnomalyDetection
public import DetectionPipeline
public import SQLite

/// The embedded store of scored records: one SQLite file.
///
/// Writing is idempotent by identity: a record stored again changes nothing.
/// A call of `store` is one transaction, 2 to 3 µs a record. One thread at a time
/// per instance; several processes may read while one writes (write-ahead log).
public final class AnomalyStore: ScoredRecordSink {
    let database: SQLiteDatabase
    private let insertAnomaly: SQLiteStatement
    private let insertDriver: SQLiteStatement

    /// Opens the file for writing, made where it does not exist.
    public init(path: String) throws(SQLiteError) {
        database = try SQLiteDatabase(path: path, access: .readWrite)
        // Holds for a new file only: lets retention shrink it.
        try database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        try database.execute("PRAGMA journal_mode = WAL")
        try database.execute("PRAGMA synchronous = NORMAL")
        try database.execute("PRAGMA foreign_keys = ON")
        try StoreSchema.migrate(database)
        insertAnomaly = try database.prepare(
            """
            INSERT INTO anomalies
                (origin, source, partition, offset, record_time, time, entity, score, threshold, anomalous,
                 early, line, line_truncated)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """
        )
        insertDriver = try database.prepare(
            """
            INSERT INTO drivers (anomaly, rank, feature, observed, expected, direction, share, unit)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
    }

    public func store(_ records: [ScoredRecord]) throws {
        guard !records.isEmpty else { return }
        try database.transaction { () throws(SQLiteError) in
            for record in records { try insert(record) }
        }
    }

    private func insert(_ record: ScoredRecord) throws(SQLiteError) {
        let identity = record.identity
        let verdict = record.verdict
        insertAnomaly.bind(1, identity.stream.origin)
        insertAnomaly.bind(2, identity.stream.name)
        insertAnomaly.bind(3, Int64(identity.stream.partition))
        insertAnomaly.bind(4, identity.offset)
        insertAnomaly.bind(5, identity.timestampMilliseconds)
        insertAnomaly.bind(6, record.time)
        insertAnomaly.bind(7, verdict.entity)
        insertAnomaly.bind(8, verdict.score)
        insertAnomaly.bind(9, verdict.threshold)
        insertAnomaly.bind(10, verdict.isAnomalous ? 1 : 0 as Int64)
        insertAnomaly.bind(11, verdict.isEarly ? 1 : 0 as Int64)
        insertAnomaly.bind(12, record.line)
        insertAnomaly.bind(13, record.isLineTruncated ? 1 : 0 as Int64)
        try insertAnomaly.run()
        guard database.changes == 1 else { return }
        let id = database.lastInsertedID
        for (rank, driver) in verdict.drivers.enumerated() {
            insertDriver.bind(1, id)
            insertDriver.bind(2, Int64(rank))
            insertDriver.bind(3, driver.feature)
            insertDriver.bind(4, driver.observed)
            insertDriver.bind(5, driver.expected)
            insertDriver.bind(6, driver.direction.rawValue)
            insertDriver.bind(7, driver.share)
            insertDriver.bind(8, driver.unit)
            try insertDriver.run()
        }
    }
}
