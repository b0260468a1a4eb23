import AnomalyDetection

/// What has changed in a processor's state since it was last saved.
struct ProcessorSnapshot {
    var changed: [String: [UInt8]]
    var removed: Set<String>
    var isWhole: Bool
    fileprivate var revision: UInt64
}

/// A detector as the sections of a checkpoint: one for each entity, one for the rest.
extension StreamProcessor {
    private static let header = "stream"

    private static func section(ofEntity name: [UInt8]) -> String {
        "entity " + name.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Goes on from a checkpoint.
    ///
    /// - Throws: where it is damaged, or belongs to other settings.
    convenience init(settings: PipelineSettings, checkpoint: Checkpoint) throws {
        self.init(settings: settings)
        guard let header = checkpoint.sections[Self.header] else {
            throw CheckpointError("there is no section \(Self.header)")
        }
        var restoration = try StreamRestoration(
            SavedStream(header: header),
            settings: settings.stream,
            threads: settings.threads
        )
        try restoration.add(checkpoint.sections.filter { $0.key != Self.header }.map(\.value))
        adopt(try restoration.finish())
    }

    /// What has changed since the last `saved`; nil before the format is settled. The
    /// first is whole.
    func snapshot() -> ProcessorSnapshot? {
        guard let detector else { return nil }
        let changes = detector.changes(after: savedRevision)
        var changed = [Self.header: changes.header]
        let bodies = detector.encodedEntities(changes.changedEntities[...])
        for (name, bytes) in zip(changes.changedEntities, bodies) {
            changed[Self.section(ofEntity: name)] = bytes
        }
        return ProcessorSnapshot(
            changed: changed,
            removed: Set(changes.removedEntities.map(Self.section)),
            isWhole: changes.isComplete,
            revision: changes.revision
        )
    }

    /// Notes that a snapshot is safe.
    func saved(_ snapshot: ProcessorSnapshot) {
        savedRevision = snapshot.revision
    }
}
