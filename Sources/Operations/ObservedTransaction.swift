public import DetectionPipeline

/// Transactions in place of a source's commits, which show what is finished as those do.
public final class ObservedTransaction: TransactionalSink {
    private let transaction: any TransactionalSink
    private let monitor: PipelineMonitor

    public init(_ transaction: any TransactionalSink, monitor: PipelineMonitor) {
        self.transaction = transaction
        self.monitor = monitor
    }

    public func store(_ records: [ScoredRecord], committing offsets: [RecordStream: Int64]) throws {
        try transaction.store(records, committing: offsets)
        monitor.finished(offsets)
    }

    public func probe(_ records: [ScoredRecord]) throws {
        try transaction.probe(records)
    }
}
