/// Where records come from. Called from one thread.
public protocol RecordSource: AnyObject {
    /// Waits for the next event, at most about a batch window.
    func next() throws -> SourceEvent

    /// Marks everything below these offsets as finished. Called only after the
    /// anomalies and dead letters below them are stored.
    func commit(_ offsets: [RecordStream: Int64]) throws
}

public enum SourceEvent: Sendable {
    /// Records, at most one batch for each stream, in the stream's order.
    case batches([RecordBatch])
    /// Nothing new within the window.
    case idle
    /// These streams go to somebody else: what is finished is committed before
    /// the next call of `next`, then they are forgotten.
    case revoked([RecordStream])
    /// There will be no more.
    case end
}

/// Where scored records go. Called from one thread.
public protocol ScoredRecordSink: AnyObject {
    /// Stores the records; returns when they are safe. Storing a record again
    /// changes nothing.
    func store(_ records: [ScoredRecord]) throws
}

/// Where records go that cannot be scored. Called from one thread.
public protocol DeadLetterSink: AnyObject {
    /// Stores the records; returns when they are safe.
    func store(_ letters: [DeadLetter]) throws
}
