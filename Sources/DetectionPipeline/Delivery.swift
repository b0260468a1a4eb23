/// Outcomes on their way into the sinks. It remembers how far it has come, so that
/// a later try goes on where the last one failed.
struct Delivery {
    var outcomes: [BatchOutcome]
    /// Sinks that have taken all.
    var sinksDone = 0
    /// Whether the dead letters are stored.
    var lettersDone = false
    /// Records that a sink refused for what they hold.
    var rejected: [DeadLetter] = []
    /// Records that the transaction must do without.
    var leftOut: Set<RecordIdentity> = []

    init(_ outcomes: [BatchOutcome]) {
        self.outcomes = outcomes
    }

    /// Whether rows wait for the model outside that scores them.
    var isUnscored: Bool { outcomes.contains { $0.unscored != nil } }
    var streams: Set<RecordStream> { Set(outcomes.map(\.stream)) }
    var records: [ScoredRecord] { outcomes.flatMap(\.records) }
    var deadLetters: [DeadLetter] { outcomes.flatMap(\.deadLetters) + rejected }

    /// Forgets what belongs to streams that are no longer ours.
    mutating func drop(_ streams: Set<RecordStream>) {
        outcomes.removeAll { streams.contains($0.stream) }
        rejected.removeAll { streams.contains($0.identity.stream) }
    }

    /// The dead letter of a scored record that a sink cannot take.
    func letter(for record: ScoredRecord, reason: String, attempt: Int) -> DeadLetter? {
        for outcome in outcomes where outcome.stream == record.identity.stream {
            if let letter = outcome.letter(for: record.identity, reason: reason, attempt: attempt) {
                return letter
            }
        }
        return nil
    }
}

/// Finds the elements that a call cannot take, by halving: calls with everything, and
/// after a poisonous failure with either half.
///
/// At most `2·k·log₂(n/k) + 2·k` calls for k poisonous of n elements.
///
/// - Parameter poisoned: told of each such element, with the error.
/// - Throws: the first error that is not poisonous.
func bisect<Element>(
    _ elements: ArraySlice<Element>,
    _ call: (ArraySlice<Element>) throws -> Void,
    poisoned: (Element, any Error) throws -> Void
) throws {
    do {
        try call(elements)
    } catch  where FailureKind(error) == .poison {
        guard elements.count > 1 else {
            guard let element = elements.first else { return }
            return try poisoned(element, error)
        }
        let middle = elements.startIndex + elements.count / 2
        try bisect(elements[..<middle], call, poisoned: poisoned)
        try bisect(elements[middle...], call, poisoned: poisoned)
    }
}
