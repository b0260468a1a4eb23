import AnomalyDetection

/// What a batch gave: what to store, and how far the stream is finished once it
/// is stored.
struct BatchOutcome {
    var stream: RecordStream
    var records: [ScoredRecord] = []
    var deadLetters: [DeadLetter] = []
    var counts = RecordCounts()
    /// Everything below is finished; nil for a batch without records.
    var nextOffset: Int64?
    /// The records as lines whose rows a model outside has yet to score; nil once they are judged. Until then the
    /// rest of the outcome is empty.
    var unscored: UnscoredLines?
    /// Where the records came from: a sink that refuses one is answered with the original.
    let batch: RecordBatch

    init(of batch: RecordBatch, unscored: UnscoredLines? = nil) {
        stream = batch.stream
        self.batch = batch
        self.unscored = unscored
    }

    /// The stream whose models judge.
    var modelStream: RecordStream { batch.modelStream }

    mutating func reject(_ record: RecordBatch.Record, reason: String) {
        counts.failed += 1
        deadLetters.append(batch.letter(for: record, reason: reason, attempt: 1))
    }

    /// The dead letter of one of the records; nil where it is not of this batch.
    func letter(for identity: RecordIdentity, reason: String, attempt: Int) -> DeadLetter? {
        batch.records.first { $0.offset == identity.offset }
            .map { batch.letter(for: $0, reason: reason, attempt: attempt) }
    }
}

/// Numbers of records by what became of them. `read` is the sum of `skipped`,
/// `failed`, `learnt` and `scored`.
public struct RecordCounts: Sendable, Hashable {
    public var read = 0
    /// Blank lines, headers, comments, tombstones.
    public var skipped = 0
    /// Not parsed: dead letters.
    public var failed = 0
    /// Learnt by models that gave no scores yet.
    public var learnt = 0
    public var scored = 0
    /// Scored by models that had not yet seen a full sample.
    public var early = 0
    public var anomalous = 0

    public init() {}

    public static func += (left: inout RecordCounts, right: RecordCounts) {
        left.read += right.read
        left.skipped += right.skipped
        left.failed += right.failed
        left.learnt += right.learnt
        left.scored += right.scored
        left.early += right.early
        left.anomalous += right.anomalous
    }
}
