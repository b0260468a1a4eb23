import BinaryCoding
public import LogRecords

/// The header of a saved ``StreamDetector``, read: what it was made with, and what it holds beside the models.
public struct SavedStream: Sendable {
    /// As configured when it was saved: what was found in the stream's first lines is nil here.
    public let settings: StreamSettings
    /// The format, as configured or found.
    public let format: LineFormat
    /// The features, as configured or found.
    public let features: [Feature]
    /// What earlier lines teach about later ones.
    public let decoderState: LogParser.State
    /// Entities that belong to it.
    public let entityCount: Int
    /// Entities dropped before because there were more than `maximumEntities`.
    public let droppedEntityCount: Int
    /// Where to go on with ``StreamDetector/changes(after:)``.
    public let revision: UInt64
    /// See `EntityTable.digest(of:)`.
    let digest: UInt64

    init(_ detector: StreamDetector) {
        settings = detector.settings
        format = detector.format
        features = detector.plan.features
        decoderState = detector.decoderState
        entityCount = detector.entityCount
        droppedEntityCount = detector.droppedEntityCount
        revision = detector.revision
        digest = EntityTable.digest(of: detector.entities.entries)
    }

    /// Reads a header that ``StreamChanges`` holds.
    ///
    /// - Throws: `damaged` or `newer`.
    public init(header: [UInt8]) throws(DetectorStateError) {
        do {
            try self.init(sections: SectionReader(header, StateForms.stream))
        } catch {
            throw DetectorStateError(error)
        }
    }

    /// The settings that differ from those the models were made with: an empty array if they go on as they were.
    ///
    /// Where a format or features are not configured, those found before stay as they were found.
    public func changes(to settings: StreamSettings) -> [SettingChange] {
        self.settings.changes(to: settings)
    }
}

extension SavedStream {
    func encoded() -> [UInt8] {
        var sections = SectionWriter(StateForms.stream)
        sections.append(StateForms.StreamSection.settings) { writer in
            settings.write(to: &writer)
            format.write(to: &writer)
            writer.write(list: features) { $1.write(to: &$0) }
        }
        sections.append(StateForms.StreamSection.decoder) { writer in
            writer.write(Int64(decoderState.year))
            writer.write(Int64(decoderState.month))
            writer.write(list: decoderState.columns) { $0.write($1) }
        }
        sections.append(StateForms.StreamSection.entities) { writer in
            writer.write(revision)
            writer.write(UInt64(entityCount))
            writer.write(UInt64(droppedEntityCount))
            writer.write(digest)
        }
        if case .external(let name) = settings.scoring {
            sections.append(StateForms.StreamSection.scorer) { $0.write(name) }
        }
        return sections.finish()
    }

    private init(sections: SectionReader) throws(BinaryCodingError) {
        var reader = try sections.requiredSection(StateForms.StreamSection.settings).reader
        var settings = try StreamSettings(from: &reader)
        format = try LineFormat(from: &reader)
        features = try reader.readFeatures()
        try reader.finish()
        reader = try sections.requiredSection(StateForms.StreamSection.decoder).reader
        decoderState = LogParser.State(
            year: try reader.readInteger(in: -1 << 31...1 << 31),
            month: try reader.readInteger(in: 0...12),
            columns: try reader.readList(ofSize: 8) { (reader) throws(BinaryCodingError) in
                try reader.readText()
            }
        )
        guard decoderState.columns.count <= LogParser.maximumColumns else {
            throw reader.damaged("it has \(decoderState.columns.count) columns")
        }
        try reader.finish()
        reader = try sections.requiredSection(StateForms.StreamSection.entities).reader
        revision = try reader.readCounter()
        entityCount = Int(try reader.readCounter())
        droppedEntityCount = Int(try reader.readCounter())
        digest = try reader.read()
        try reader.finish()
        if var (_, reader) = try sections.section(StateForms.StreamSection.scorer) {
            settings.scoring = .external(try reader.readText())
            try reader.finish()
        }
        self.settings = settings
    }
}
