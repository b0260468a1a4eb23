public import DetectionPipeline

/// Something that is done with the records of a selection.
public struct Action {
    /// What metrics and `/readyz` call it.
    public let name: String
    /// Takes all records, and selects.
    public let sink: any ScoredRecordSink
    public let selection: RecordSelection

    public init(_ name: String, _ sink: any ScoredRecordSink, _ selection: RecordSelection) {
        self.name = name
        self.sink = SelectingSink(sink, selection)
        self.selection = selection
    }
}

/// Which records have a line in the log.
public enum LoggedRecords: String, Sendable, CaseIterable {
    case none, anomalies, all
}
