import AnomalyDetection

/// What has changed in a processor's state since it was last saved.
struct ProcessorSnapshot {
    var changed: [String: [UInt8]]
    var removed: Set<String>
    var isWhole: Bool
    fileprivate var revision: UInt64
}

/// A detector as the sections of a checkpoint: one for each entity, one for the records
/// that it has seen since that one was saved, and one for the rest.
extension StreamProcessor {
    private static let header = "stream"

    private static let entityPrefix = "entity "
    private static let rowsPrefix = "rows "

    /// A name is any bytes.
    private static func hexadecimal(_ name: [UInt8]) -> String {
        name.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
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
        try restoration.add(checkpoint.sections.filter { $0.key.hasPrefix(Self.entityPrefix) }.map(\.value))
        try restoration.add(
            rows: checkpoint.sections.filter { $0.key.hasPrefix(Self.rowsPrefix) }.map(\.value)
        )
        adopt(try restoration.finish())
    }

    /// The models of a checkpoint, made as a run with the same settings would.
    ///
    /// - Throws: where they cannot be.
    static func models(in checkpoint: Checkpoint) throws -> CheckpointInspection.Models {
        guard let header = checkpoint.sections[Self.header] else {
            throw CheckpointError("there is no section \(Self.header)")
        }
        let saved = try SavedStream(header: header)
        var settings = PipelineSettings()
        settings.format = saved.settings.format
        settings.features = saved.settings.features
        settings.entityField = saved.settings.entityField
        settings.detector = saved.settings.detector
        settings.scoring = saved.settings.scoring
        let processor = try StreamProcessor(settings: settings, checkpoint: checkpoint)
        return CheckpointInspection.Models(count: processor.entityCount, saved: saved)
    }

    /// What has changed since the last `saved`; nil before the format is settled. The
    /// first is whole.
    func snapshot() -> ProcessorSnapshot? {
        guard let detector else { return nil }
        let changes = detector.changes(after: savedRevision)
        var changed = [Self.header: changes.header]
        var removed: Set<String> = []
        let updates = detector.updates(of: changes.changedEntities[...], in: changes)
        for (name, update) in zip(changes.changedEntities.map(Self.hexadecimal), updates) {
            switch update {
            case .whole(let bytes):
                changed[Self.entityPrefix + name] = bytes
                removed.insert(Self.rowsPrefix + name)
            case .rows(let bytes):
                changed[Self.rowsPrefix + name] = bytes
            }
        }
        for name in changes.removedEntities.map(Self.hexadecimal) {
            removed.formUnion([Self.entityPrefix + name, Self.rowsPrefix + name])
        }
        return ProcessorSnapshot(
            changed: changed,
            removed: removed,
            isWhole: changes.isComplete,
            revision: changes.revision
        )
    }

    /// Notes that a snapshot is safe.
    func saved(_ snapshot: ProcessorSnapshot) {
        savedRevision = snapshot.revision
    }
}
