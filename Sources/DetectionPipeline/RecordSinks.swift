/// Where scored records go. Called from one thread.
///
/// An error that is `ClassifiedError` tells what to do: a transient one pauses the
/// source until a later try succeeds; for a poisonous one the records are halved until the
/// one to blame is found, which goes to the dead letters. Any other ends the run.
public protocol ScoredRecordSink: AnyObject {
    /// Stores the records; returns when they are safe.
    func store(_ records: [ScoredRecord]) throws

    /// Whether storing a record again changes nothing. Records that are scored again
    /// after a restart are kept from sinks where it is not so.
    var isIdempotent: Bool { get }

    /// For people: which sink is down.
    var name: String { get }
}

extension ScoredRecordSink {
    public var isIdempotent: Bool { true }
    public var name: String { String(describing: type(of: self)) }
}

/// A sink that stores records and commits the source's offsets as one: either both
/// happen or neither. It takes the place of `RecordSource.commit`.
public protocol TransactionalSink: AnyObject {
    /// - Parameters:
    ///   - records: those that no earlier transaction holds.
    ///   - offsets: everything below is finished.
    func store(_ records: [ScoredRecord], committing offsets: [RecordStream: Int64]) throws

    /// Finds out whether these records could be stored, and stores nothing. Called to find
    /// those to blame after `store` failed for what the records hold.
    func probe(_ records: [ScoredRecord]) throws
}

/// Where records go that cannot be scored or stored. Called from one thread.
public protocol DeadLetterSink: AnyObject {
    /// Stores the records; returns when they are safe. Storing a record again does no
    /// harm.
    func store(_ letters: [DeadLetter]) throws
}
