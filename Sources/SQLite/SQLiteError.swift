import CSQLite

/// Why a file could not be opened, written or read.
public struct SQLiteError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        case cannotOpen, full, busy, readOnly, damaged, newerSchema, inputOutput, other
        /// The row itself: too large, or against a constraint.
        case rejected
    }

    public var code: Code
    /// Names the file and what was tried.
    public var message: String

    /// Whether the same call may succeed later without anybody's doing: another
    /// process holds the lock, or the disk is full for the moment.
    public var isRetriable: Bool {
        switch code {
        case .busy, .full, .inputOutput: true
        case .rejected, .cannotOpen, .readOnly, .damaged, .newerSchema, .other: false
        }
    }

    public var description: String { message }

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// - Parameter status: SQLite's extended result code.
    init(status: Int32, path: String, doing: String, detail: String) {
        code =
            switch status & 0xff {
            case SQLITE_FULL: .full
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_READONLY, SQLITE_PERM: .readOnly
            case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged
            case SQLITE_CANTOPEN: .cannotOpen
            case SQLITE_IOERR: .inputOutput
            case SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH: .rejected
            default: .other
            }
        message = "store \(path): \(doing): \(detail) (SQLite \(status))"
    }
}
