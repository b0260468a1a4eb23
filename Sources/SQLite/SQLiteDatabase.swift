import CSQLite

/// One connection to a file, used by one thread at a time.
public final class SQLiteDatabase {
    public let path: String
    private let handle: OpaquePointer

    public enum Access: Sendable { case readWrite, readOnly }

    /// Opens the file; for writing it is made where it does not exist. Waits five seconds for another's lock.
    public init(path: String, access: Access) throws(SQLiteError) {
        self.path = path
        let mode = access == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        var opened: OpaquePointer?
        let status = sqlite3_open_v2(path, &opened, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let opened else {
            throw SQLiteError(status: status, path: path, doing: "opening", detail: "out of memory")
        }
        guard status == SQLITE_OK else {
            let detail = String(cString: sqlite3_errmsg(opened))
            sqlite3_close_v2(opened)
            throw SQLiteError(status: status, path: path, doing: "opening", detail: detail)
        }
        handle = opened
        sqlite3_busy_timeout(handle, 5_000)
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    /// Runs statements that return nothing of interest.
    public func execute(_ sql: String) throws(SQLiteError) {
        let status = sqlite3_exec(handle, sql, nil, nil, nil)
        guard status == SQLITE_OK else { throw error(status, doing: sql) }
    }

    public func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        var statement: OpaquePointer?
        let status = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard status == SQLITE_OK, let statement else { throw error(status, doing: sql) }
        return SQLiteStatement(statement, of: self)
    }

    /// Runs `body` as one transaction: all of it is written, or nothing.
    public func transaction(_ body: () throws(SQLiteError) -> Void) throws(SQLiteError) {
        try execute("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            try body()
            try execute("COMMIT")
        } catch {
            // A full disk has rolled back already; a second rollback is no news.
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// The only value of a one-row, one-column query.
    public func integer(_ sql: String) throws(SQLiteError) -> Int64 {
        let statement = try prepare(sql)
        return try statement.step() ? statement.integer(0) : 0
    }

    public var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Rows changed by the last statement.
    public var changes: Int { Int(sqlite3_changes(handle)) }

    func error(_ status: Int32, doing: String) -> SQLiteError {
        SQLiteError(status: status, path: path, doing: doing, detail: String(cString: sqlite3_errmsg(handle)))
    }
}
