import Dispatch
import Telemetry

/// Answers of calls on their way to the thread that waits for them.
final class ForwardMailbox: Sendable {
    private let answers = Locked<[(ForwardCall, ForwardAnswer)]>([])
    private let arrived = DispatchSemaphore(value: 0)

    func post(_ call: ForwardCall, _ answer: ForwardAnswer) {
        answers.withLock { $0.append((call, answer)) }
        arrived.signal()
    }

    /// What has come; where nothing has, what comes first within the time. May end early with nothing.
    func take(waiting limit: Duration) -> [(ForwardCall, ForwardAnswer)] {
        if let answers = takeAll() { return answers }
        guard limit > .zero else { return [] }
        let (seconds, attoseconds) = limit.components
        let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        _ = arrived.wait(timeout: .now() + .nanoseconds(nanoseconds))
        return takeAll() ?? []
    }

    private func takeAll() -> [(ForwardCall, ForwardAnswer)]? {
        answers.withLock { answers in
            defer { answers = [] }
            return answers.isEmpty ? nil : answers
        }
    }
}
