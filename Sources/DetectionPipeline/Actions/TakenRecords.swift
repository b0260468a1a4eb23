/// What a service has taken of a batch that it did not take whole, so that a later try sends only the rest.
///
/// Until all of a batch are taken or refused, the pipeline comes with the same records, or with parts of them; then it
/// comes with others. Holds the identities of one batch at most.
public struct TakenRecords {
    /// Of the batch that failed.
    private var batch: Set<RecordIdentity> = []
    private var taken: Set<RecordIdentity> = []

    public init() {}

    /// Sends the records that are not taken yet.
    ///
    /// - Parameter send: returns why records failed, by position.
    /// - Throws: one of the failures: rather one that a later try may mend than one that is a record's own, so that
    ///   these are looked for while the service works.
    public mutating func store(
        _ records: [ScoredRecord],
        _ send: ([ScoredRecord]) -> [Int: any Error]
    ) throws {
        let isOther = !records.contains { batch.contains($0.identity) }
        let rest = isOther ? records : records.filter { !taken.contains($0.identity) }
        let failures = rest.isEmpty ? [:] : send(rest)
        if isOther {
            batch = failures.isEmpty ? [] : Set(records.map(\.identity))
            taken = []
        }
        for (position, record) in rest.enumerated() where failures[position] == nil && !batch.isEmpty {
            taken.insert(record.identity)
        }
        let errors = failures.sorted { $0.key < $1.key }.map(\.value)
        if let error = errors.first(where: { FailureKind($0) == .transient }) ?? errors.first { throw error }
    }
}
