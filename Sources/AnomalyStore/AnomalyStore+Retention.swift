public import DetectionPipeline
public import SQLite

extension AnomalyStore {
    /// What one step of retention did.
    public struct Removal: Sendable, Hashable {
        public var count: Int
        /// False where the step's bound was reached and there is more to remove.
        public var isComplete: Bool
    }

    /// Removes records that the policy does not keep: those whose own time is too old, and while the store is
    /// too large, those that were stored first.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - limit: the most records removed in one call, so that the next batch need not wait for long.
    public func prune(
        _ policy: RetentionPolicy,
        at now: Int64,
        limit: Int = 5_000
    ) throws(SQLiteError) -> Removal {
        var count = 0
        if let oldest = policy.oldestKeptMilliseconds(at: now) {
            let (nanoseconds, overflows) = oldest.multipliedReportingOverflow(by: 1_000_000)
            let first = overflows ? (oldest < 0 ? Int64.min : .max) : nanoseconds
            count += try remove("time < \(first) ORDER BY time LIMIT \(limit)")
        }
        if let maximum = policy.maximumBytes {
            while count < limit, try usedBytes() > maximum {
                // Pages become free when all on them is gone, so several at once.
                let removed = try remove("true ORDER BY id LIMIT \(min(500, limit - count))")
                guard removed > 0 else { break }
                count += removed
            }
        }
        // Gives the pages that became free back to the file system.
        if count > 0 { try database.execute("PRAGMA incremental_vacuum") }
        return Removal(count: count, isComplete: count < limit)
    }

    /// Bytes of the file that hold anomalies: not what is free for what comes, and not checkpoints, which
    /// may lie in the same file (of those, to within a twentieth).
    public func usedBytes() throws(SQLiteError) -> Int {
        let pageSize = try database.integer("PRAGMA page_size")
        let pages = try database.integer("PRAGMA page_count") - database.integer("PRAGMA freelist_count")
        // A large value has pages of its own, the last of them filled in part.
        let checkpoints = try database.integer(
            """
            SELECT coalesce(sum(CASE WHEN length(bytes) < \(pageSize / 4) THEN length(bytes)
                ELSE (length(bytes) + \(pageSize - 1)) / \(pageSize) * \(pageSize) END), 0)
            FROM checkpoint_entries
            """
        )
        return max(0, Int(pages * pageSize - checkpoints))
    }

    private func remove(_ selection: String) throws(SQLiteError) -> Int {
        // The drivers go with their anomaly.
        try database.execute(
            "DELETE FROM anomalies WHERE id IN (SELECT id FROM anomalies WHERE \(selection))"
        )
        return database.changes
    }
}
