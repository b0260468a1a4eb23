extension SQLiteDatabase {
    /// Takes the file to the newest schema, in one transaction.
    ///
    /// - Parameter steps: each takes the file from the version of its index to the next. Steps are never changed, only
    ///   added.
    public func migrate(by steps: [String]) throws(SQLiteError) {
        guard try schemaVersion(knownUpTo: steps.count) < steps.count else { return }
        try transaction { () throws(SQLiteError) in
            // Another process may have migrated while this one waited for the lock.
            let current = Int(try schemaVersion(knownUpTo: steps.count))
            for step in steps[current...] { try execute(step) }
            try execute("PRAGMA user_version = \(steps.count)")
        }
    }

    /// The file's version: 0 for a new one.
    ///
    /// - Throws: `newerSchema` where it is newer than this program.
    public func schemaVersion(knownUpTo newest: Int) throws(SQLiteError) -> Int64 {
        let version = try integer("PRAGMA user_version")
        guard version <= newest else {
            throw SQLiteError(
                code: .newerSchema,
                message: "store \(path): schema \(version) was written by a newer Timberline; "
                    + "this one knows up to \(newest)"
            )
        }
        return version
    }
}
