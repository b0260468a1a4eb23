/// What became of the records of a batch.
public struct ScoredBatch: Sendable {
    public private(set) var records: [ScoredRecord]
    /// Those that cannot be scored, or that no sink takes.
    public private(set) var deadLetters: [DeadLetter]
    public let counts: RecordCounts
    private let batch: RecordBatch
    private let identities: [RecordIdentity]?

    init(_ outcomes: [BatchOutcome], of batch: RecordBatch, _ identities: [RecordIdentity]?) {
        self.batch = batch
        self.identities = identities
        counts = outcomes.reduce(into: RecordCounts()) { $0 += $1.counts }
        records = outcomes.flatMap(\.records)
        deadLetters = outcomes.flatMap(\.deadLetters)
        guard let identities else { return }
        for index in records.indices {
            records[index].identity = identities[Int(records[index].identity.offset)]
        }
        for index in deadLetters.indices {
            deadLetters[index].identity = identities[Int(deadLetters[index].identity.offset)]
        }
    }

    /// Hands the records to the sinks, one after the other, then what is left over to the dead letters. A record that a
    /// sink refuses for what it holds is found by halving and becomes a dead letter.
    ///
    /// - Parameter onStored: told of each sink that has all; may end it.
    /// - Throws: what a later try may mend, or somebody has to.
    public mutating func deliver(
        to sinks: [any ScoredRecordSink],
        deadLetters place: any DeadLetterSink,
        onStored: (any ScoredRecordSink) throws -> Void = { _ in }
    ) throws {
        var refused: [DeadLetter] = []
        for sink in sinks where !records.isEmpty {
            try bisect(records[...]) {
                try sink.store(Array($0))
            } poisoned: { record, error in
                if let letter = letter(for: record.identity, reason: "\(sink.name): \(error)") {
                    refused.append(letter)
                }
            }
            try onStored(sink)
        }
        deadLetters += refused
        if !deadLetters.isEmpty { try place.store(deadLetters) }
    }

    private func letter(for identity: RecordIdentity, reason: String) -> DeadLetter? {
        let offset = identities.map { $0.firstIndex(of: identity).map(Int64.init) } ?? identity.offset
        guard let record = batch.records.first(where: { $0.offset == offset }) else { return nil }
        var letter = batch.letter(for: record, reason: reason, attempt: 1)
        letter.identity = identity
        return letter
    }
}
