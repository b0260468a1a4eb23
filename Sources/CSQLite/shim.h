#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast, which Swift does not import.
static inline int timberline_sqlite3_bind_text(sqlite3_stmt *statement, int index, const char *text, int length) {
    return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}

// No bytes may have no address, which SQLite takes for NULL.
static inline int timberline_sqlite3_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int length) {
    return sqlite3_bind_blob(statement, index, length == 0 ? "" : bytes, length, SQLITE_TRANSIENT);
}
