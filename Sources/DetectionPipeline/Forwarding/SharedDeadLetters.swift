import Dispatch

/// Dead letters of several threads.
///
/// `@unchecked Sendable` holds because the sink is reached on the queue only, by one thread at a time.
final class SharedDeadLetters: @unchecked Sendable {
    private let queue = DispatchQueue(label: "dead-letters")
    private let sink: (any DeadLetterSink)?

    /// - Parameter sink: nil drops them.
    init(_ sink: (any DeadLetterSink)?) {
        self.sink = sink
    }

    func alone<Result>(_ body: () throws -> Result) rethrows -> Result {
        try queue.sync(execute: body)
    }

    func store(_ letters: [DeadLetter]) throws {
        try queue.sync { try sink?.store(letters) }
    }
}
