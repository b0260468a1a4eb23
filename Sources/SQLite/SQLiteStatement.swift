import CSQLite

/// A prepared statement. Bind, step, reset; parameters count from 1, columns from 0.
public final class SQLiteStatement {
    private let handle: OpaquePointer
    // Keeps the connection open for as long as its statements live.
    private let database: SQLiteDatabase

    init(_ handle: OpaquePointer, of database: SQLiteDatabase) {
        self.handle = handle
        self.database = database
    }

    deinit {
        sqlite3_finalize(handle)
    }

    public func bind(_ index: Int32, _ value: Int64?) {
        guard let value else { return bindNull(index) }
        sqlite3_bind_int64(handle, index, value)
    }

    /// Not-finite numbers become NULL, as SQLite does with NaN.
    public func bind(_ index: Int32, _ value: Double?) {
        guard let value, value.isFinite else { return bindNull(index) }
        sqlite3_bind_double(handle, index, value)
    }

    public func bind(_ index: Int32, _ value: String?) {
        guard var value else { return bindNull(index) }
        value.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                // An empty string may have no address, which SQLite takes for NULL.
                if let address = text.baseAddress {
                    _ = timberline_sqlite3_bind_text(handle, index, address, Int32(text.count))
                } else {
                    _ = timberline_sqlite3_bind_text(handle, index, "", 0)
                }
            }
        }
    }

    public func bind(_ index: Int32, _ value: [UInt8]) {
        value.withUnsafeBytes {
            _ = timberline_sqlite3_bind_blob(handle, index, $0.baseAddress, Int32($0.count))
        }
    }

    private func bindNull(_ index: Int32) {
        sqlite3_bind_null(handle, index)
    }

    /// Whether there is a row to read.
    public func step() throws(SQLiteError) -> Bool {
        let status = sqlite3_step(handle)
        switch status {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let error = database.error(status, doing: String(cString: sqlite3_sql(handle)))
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs a statement without rows and makes it ready for the next.
    public func run() throws(SQLiteError) {
        _ = try step()
        reset()
    }

    public func reset() {
        sqlite3_reset(handle)
    }

    public func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    public func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    public func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

    public func bytes(_ column: Int32) -> [UInt8] {
        guard let bytes = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
    }

    public func text(_ column: Int32) -> String {
        guard let bytes = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
}
