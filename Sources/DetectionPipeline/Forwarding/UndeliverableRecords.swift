/// Where records go that a target does not get: refused by it, or tried too often. Called from several threads at once,
/// each with records of another stream.
public protocol UndeliverableRecords: Sendable {
    /// Stores records that were in one call; returns when they are safe. Storing them again does no harm.
    ///
    /// - Parameters:
    ///   - error: why they are given up.
    ///   - attempt: which try failed for good, counted from 1.
    ///   - countedAttempts: tries that failed with a `CountedError`.
    /// - Throws: where they are not stored; after a transient error they come again.
    func store(_ batch: RecordBatch, after error: any Error, attempt: Int, countedAttempts: Int) throws
}
