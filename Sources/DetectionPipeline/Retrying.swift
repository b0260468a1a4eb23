import Retries

/// Tries one call until it succeeds. For what a stream needs to begin: without it nothing can go on, and
/// only a stop ends the wait.
struct Retrying {
    /// Delays only: these tries have no end of their own.
    private static let policy = RetryPolicy()

    /// How long a wait may keep a stop from being noticed.
    private static let longestSleep: Duration = .milliseconds(100)

    let clock: any PipelineClock
    let jitter: () -> Double
    let shouldStop: () -> Bool
    /// Told of each failure, after which there is a wait.
    let onFailure: (any Error) -> Void
    /// Called again and again while it waits.
    let onWait: () -> Void

    /// - Throws: what is not transient; `StoppedWaiting` where a stop came before success.
    func callAsFunction<Value>(_ call: () throws -> Value) throws -> Value {
        var tries = RetrySchedule(Self.policy)
        while true {
            do {
                return try call()
            } catch  where FailureKind(error) == .transient {
                onFailure(error)
                let next = tries.failed(at: clock.now, jitter: jitter()) ?? clock.now
                try wait(until: next)
            }
        }
    }

    private func wait(until next: PipelineInstant) throws {
        repeat {
            onWait()
            if shouldStop() { throw StoppedWaiting() }
            clock.sleep(until: min(next, clock.now + Self.longestSleep))
        } while clock.now < next
    }
}

/// A stop came while something was waited for.
struct StoppedWaiting: Error {}
