import SQLite

/// The store's tables, and how an older file becomes a current one.
enum StoreSchema {
    /// Each step takes the file from the version of its index to the next. Steps
    /// are never changed, only added.
    static let steps = [
        """
        CREATE TABLE anomalies (
            id INTEGER PRIMARY KEY,
            origin TEXT NOT NULL,
            source TEXT NOT NULL,
            partition INTEGER NOT NULL,
            offset INTEGER NOT NULL,
            record_time INTEGER NOT NULL,
            time INTEGER,
            entity TEXT NOT NULL,
            score REAL NOT NULL,
            threshold REAL NOT NULL,
            anomalous INTEGER NOT NULL,
            early INTEGER NOT NULL,
            line TEXT,
            line_truncated INTEGER NOT NULL,
            UNIQUE (origin, partition, offset, record_time)
        );
        CREATE INDEX anomalies_time ON anomalies (time);
        CREATE INDEX anomalies_entity ON anomalies (entity, time);
        CREATE TABLE drivers (
            anomaly INTEGER NOT NULL REFERENCES anomalies (id) ON DELETE CASCADE,
            rank INTEGER NOT NULL,
            feature TEXT NOT NULL,
            observed REAL,
            expected REAL,
            direction TEXT NOT NULL,
            share REAL NOT NULL,
            unit TEXT NOT NULL,
            PRIMARY KEY (anomaly, rank)
        ) WITHOUT ROWID;
        """,
        """
        CREATE TABLE checkpoint_entries (
            stream TEXT NOT NULL,
            name TEXT NOT NULL,
            bytes BLOB NOT NULL,
            UNIQUE (stream, name)
        );
        """,
    ]

    static func migrate(_ database: SQLiteDatabase) throws(SQLiteError) {
        try database.migrate(by: steps)
    }

    /// The file's version; an error where it is newer than this program.
    static func version(of database: SQLiteDatabase) throws(SQLiteError) -> Int64 {
        try database.schemaVersion(knownUpTo: steps.count)
    }
}
