import BinaryCoding

/// A detector as bytes. One that is loaded goes on with the same bits as if it had never stopped.
extension StreamDetector {
    /// Grows with every record that a model sees.
    public var revision: UInt64 { entities.revision }

    /// What changed after `revision`, for a store that holds everything up to it.
    ///
    /// A revision of another detector must not be given, unless this one was restored from it; with 0, or one that
    /// is too long ago, all entities are given. O(n) for n entities, without encoding any.
    public func changes(after revision: UInt64) -> StreamChanges {
        let changes = entities.changes(after: revision)
        return StreamChanges(
            header: SavedStream(self).encoded(),
            changedEntities: changes.changed,
            removedEntities: changes.removed,
            isComplete: changes.isComplete,
            revision: entities.revision,
            base: changes.base
        )
    }

    /// The bytes of each of the entities, made in parallel; nearly all are the forest's. O(size of the forests)
    ///
    /// - Precondition: the names come from ``changes(after:)``, and no record was processed since.
    public func encodedEntities(_ names: ArraySlice<[UInt8]>) -> [[UInt8]] {
        workers.map(entries(of: names)) { $0.encoded() }
    }

    /// What to write for each of the entities, made in parallel: the rows since it was last stored whole where they
    /// are few, else all of it. So an entity costs a few bytes for each of its records instead of a quarter of a
    /// megabyte for each time it is stored.
    ///
    /// For one store, which takes all its updates from here; to load an entity then takes up to
    /// 256 records' time.
    ///
    /// - Precondition: `names` are of `changes`, which no processed record and no other changes followed.
    public func updates(of names: ArraySlice<[UInt8]>, in changes: StreamChanges) -> [EntityUpdate] {
        workers.map(entries(of: names)) { entry in
            if let rows = EntityRows(entry, after: changes.base) { return .rows(rows.encoded()) }
            entry.detector.beginRowLog(base: entry.lastUse)
            return .whole(entry.encoded())
        }
    }

    private func entries(of names: ArraySlice<[UInt8]>) -> [EntityTable.Entry] {
        names.map { name in
            guard let entry = entities.entry(of: name) else {
                preconditionFailure("no entity has this name")
            }
            return entry
        }
    }

    /// All in one piece, for a detector with few entities; O(size of all forests) in time and memory.
    public func encodedState() -> [UInt8] {
        let changes = changes(after: 0)
        var sections = SectionWriter(StateForms.detector)
        sections.append(StateForms.DetectorSection.header) { $0.write(raw: changes.header) }
        sections.append(StateForms.DetectorSection.entities) { writer in
            writer.write(list: encodedEntities(changes.changedEntities[...])) { $0.write(counted: $1) }
        }
        return sections.finish()
    }

    /// Goes on from what ``encodedState()`` gave, see ``StreamRestoration``.
    public static func restored(
        from state: [UInt8],
        settings: StreamSettings,
        threads: Int = 1
    ) throws(DetectorStateError) -> StreamDetector {
        let header: [UInt8]
        let entities: [[UInt8]]
        do {
            let sections = try SectionReader(state, StateForms.detector)
            var reader = try sections.requiredSection(StateForms.DetectorSection.header).reader
            header = reader.readRest()
            reader = try sections.requiredSection(StateForms.DetectorSection.entities).reader
            entities = try reader.readList(ofSize: 8) { (reader) throws(BinaryCodingError) in
                try reader.readBytes()
            }
            try reader.finish()
        } catch {
            throw DetectorStateError(error)
        }
        var restoration = try StreamRestoration(
            SavedStream(header: header),
            settings: settings,
            threads: threads
        )
        try restoration.add(entities)
        return try restoration.finish()
    }
}
