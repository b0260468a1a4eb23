import Dispatch
import Telemetry

/// An invoker that waits for the end of its invocation.
final class PendingInvocation: Sendable {
    struct Result: Sendable {
        var outcome: InvocationOutcome
        /// The last 4 KiB.
        var logTail: [UInt8]
    }

    private let done = DispatchSemaphore(value: 0)
    private let result = Locked<Result?>(nil)

    func complete(_ outcome: InvocationOutcome, logTail: [UInt8]) {
        result.withLock { $0 = Result(outcome: outcome, logTail: logTail) }
        done.signal()
    }

    func wait() -> Result {
        done.wait()
        return result.withLock { $0 } ?? Result(outcome: .abandoned("no result"), logTail: [])
    }
}
