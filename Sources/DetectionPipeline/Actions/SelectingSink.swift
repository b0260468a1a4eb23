/// A sink that gets the records which a selection takes, and no others.
public final class SelectingSink: ScoredRecordSink {
    private let sink: any ScoredRecordSink
    private let selection: RecordSelection

    public init(_ sink: any ScoredRecordSink, _ selection: RecordSelection) {
        self.sink = sink
        self.selection = selection
    }

    public var isIdempotent: Bool { sink.isIdempotent }
    public var name: String { sink.name }

    public func store(_ records: [ScoredRecord]) throws {
        let selected = records.filter(selection.contains)
        if !selected.isEmpty { try sink.store(selected) }
    }
}

/// The same for a transaction, which commits offsets also where no record is selected.
public final class SelectingTransaction: TransactionalSink {
    private let transaction: any TransactionalSink
    private let selection: RecordSelection

    public init(_ transaction: any TransactionalSink, _ selection: RecordSelection) {
        self.transaction = transaction
        self.selection = selection
    }

    public func store(_ records: [ScoredRecord], committing offsets: [RecordStream: Int64]) throws {
        try transaction.store(records.filter(selection.contains), committing: offsets)
    }

    public func probe(_ records: [ScoredRecord]) throws {
        try transaction.probe(records.filter(selection.contains))
    }
}
