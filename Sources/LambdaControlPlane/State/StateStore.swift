import LocalLambdaModel
import SQLite

/// The SQLite file of functions and mappings: one row with one document (JSON) each.
final class StateStore {
    private let database: SQLiteDatabase

    private static let schema = [
        """
        CREATE TABLE functions (name TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE mappings (id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
        """
    ]

    init(path: String) throws(SQLiteError) {
        database = try SQLiteDatabase(path: path, access: .readWrite)
        try database.execute("PRAGMA journal_mode = WAL")
        try database.execute("PRAGMA synchronous = FULL")
        try database.migrate(by: Self.schema)
    }

    /// - Parameter document: nil to delete it.
    func save(function name: FunctionName, _ document: String?) throws(SQLiteError) {
        try save("functions", "name", name.text, document)
    }

    /// - Parameter document: nil to delete it.
    func save(mapping id: EventSourceMappingID, _ document: String?) throws(SQLiteError) {
        try save("mappings", "id", id.text, document)
    }

    /// Documents by name.
    func functions() throws(SQLiteError) -> [(key: String, document: String)] {
        try rows("SELECT name, document FROM functions ORDER BY name")
    }

    /// Documents by ID.
    func mappings() throws(SQLiteError) -> [(key: String, document: String)] {
        try rows("SELECT id, document FROM mappings ORDER BY id")
    }

    private func save(_ table: String, _ key: String, _ value: String, _ document: String?)
        throws(SQLiteError)
    {
        let statement = try database.prepare(
            document == nil
                ? "DELETE FROM \(table) WHERE \(key) = ?"
                : "INSERT INTO \(table) (\(key), document) VALUES (?, ?) ON CONFLICT DO UPDATE SET document = excluded.document"
        )
        statement.bind(1, value)
        if let document { statement.bind(2, document) }
        try statement.run()
    }

    private func rows(_ query: String) throws(SQLiteError) -> [(key: String, document: String)] {
        let statement = try database.prepare(query)
        var rows: [(key: String, document: String)] = []
        while try statement.step() { rows.append((statement.text(0), statement.text(1))) }
        return rows
    }
}
