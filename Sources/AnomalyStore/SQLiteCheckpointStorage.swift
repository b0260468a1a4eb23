public import DetectionPipeline
public import SQLite

/// Checkpoints in an SQLite file, also that of the anomalies. For one instance: a file
/// is nothing that others share.
///
/// A call of `write` is one transaction, on the disk when it returns.
public final class SQLiteCheckpointStorage: CheckpointStorage {
    private let database: SQLiteDatabase
    private let list: SQLiteStatement
    private let select: SQLiteStatement
    private let insert: SQLiteStatement
    private let delete: SQLiteStatement

    /// Opens the file; for writing it is made where it does not exist.
    public init(path: String, access: CheckpointAccess = .readWrite) throws(SQLiteError) {
        switch access {
        case .readOnly:
            database = try SQLiteDatabase(path: path, access: .readOnly)
            guard try StoreSchema.version(of: database) >= 2 else {
                throw SQLiteError(code: .damaged, message: "store \(path): holds no table of checkpoints")
            }
        case .readWrite:
            database = try SQLiteDatabase(path: path, access: .readWrite)
            try database.execute("PRAGMA journal_mode = WAL")
            // Unlike an anomaly, which is stored again by the replay, a checkpoint must not
            // be older than the offsets that the group has committed for good.
            try database.execute("PRAGMA synchronous = FULL")
            try StoreSchema.migrate(database)
        }
        list = try database.prepare("SELECT DISTINCT stream FROM checkpoint_entries")
        select = try database.prepare("SELECT name, bytes FROM checkpoint_entries WHERE stream = ?")
        insert = try database.prepare(
            """
            INSERT INTO checkpoint_entries (stream, name, bytes) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET bytes = excluded.bytes
            """
        )
        delete = try database.prepare("DELETE FROM checkpoint_entries WHERE stream = ? AND name = ?")
    }

    public func streams() throws -> Set<String> {
        defer { list.reset() }
        var streams: Set<String> = []
        while try list.step() { streams.insert(list.text(0)) }
        return streams
    }

    public func entries(of streams: Set<String>) throws -> [CheckpointKey: [UInt8]] {
        var entries: [CheckpointKey: [UInt8]] = [:]
        for stream in streams {
            select.bind(1, stream)
            defer { select.reset() }
            while try select.step() {
                entries[CheckpointKey(stream: stream, name: select.text(0))] = select.bytes(1)
            }
        }
        return entries
    }

    public func write(_ changes: [CheckpointKey: [UInt8]?]) throws {
        try database.transaction { () throws(SQLiteError) in
            for (key, bytes) in changes {
                let statement = bytes == nil ? delete : insert
                statement.bind(1, key.stream)
                statement.bind(2, key.name)
                if let bytes { statement.bind(3, bytes) }
                try statement.run()
            }
        }
    }

    /// Well below SQLite's own limit of a billion, so that a change copies little.
    public var maximumValueBytes: Int { 16 << 20 }

    public var isShared: Bool { false }
}
