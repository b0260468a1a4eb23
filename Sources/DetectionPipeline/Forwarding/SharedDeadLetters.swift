import Dispatch

/// What a target does not get, as dead letters of several threads.
///
/// `@unchecked Sendable` holds because the sink is reached on the queue only, by one thread at a time.
public final class SharedDeadLetters: UndeliverableRecords, @unchecked Sendable {
    private let queue = DispatchQueue(label: "dead-letters")
    private let sink: (any DeadLetterSink)?
    private let targetName: String

    /// - Parameters:
    ///   - sink: nil drops them.
    ///   - targetName: who does not get them.
    public init(_ sink: (any DeadLetterSink)?, targetName: String) {
        self.sink = sink
        self.targetName = targetName
    }

    /// Runs `body` while no thread stores dead letters.
    public func alone<Result>(_ body: () throws -> Result) rethrows -> Result {
        try queue.sync(execute: body)
    }

    public func store(
        _ batch: RecordBatch,
        after error: any Error,
        attempt: Int,
        countedAttempts: Int
    ) throws {
        let reason = "\(targetName): \(error)"
        let letters = batch.records.map { batch.letter(for: $0, reason: reason, attempt: attempt) }
        try queue.sync { try sink?.store(letters) }
    }
}
