import Retries
import Telemetry

/// Tries one call until it succeeds. For what a stream needs to begin: without it nothing can go on, and
/// only a stop ends the wait.
struct Retrying {
    /// How long a wait may keep a stop from being noticed.
    private static let longestSleep: Duration = .milliseconds(100)

    /// The name of a failure in the log.
    let event: String
    /// Is kept alive meanwhile: a member of a group that seems stuck would lose its streams.
    let source: any RecordSource
    let clock: any PipelineClock
    let jitter: () -> Double
    let logger: Logger
    let shouldStop: () -> Bool
    /// Told of each failure, after which there is a wait: why, and since when.
    let onFailure: (PipelineStall) -> Void
    /// Called again and again while it waits.
    let onWait: () -> Void

    /// - Throws: what is not transient; `StoppedWaiting` where a stop came before success.
    func callAsFunction<Value>(_ call: () throws -> Value) throws -> Value {
        var tries = RetrySchedule(.patient)
        var firstFailure: PipelineInstant?
        while true {
            do {
                return try call()
            } catch  where FailureKind(error) == .transient {
                logger.warning(event, "\(error)")
                let since = firstFailure ?? clock.now
                firstFailure = since
                onFailure(PipelineStall(reason: "\(error)", since: since))
                try wait(until: tries.failed(at: clock.now, jitter: jitter()) ?? clock.now)
            }
        }
    }

    private func wait(until next: PipelineInstant) throws {
        repeat {
            source.keepAlive()
            onWait()
            if shouldStop() { throw StoppedWaiting() }
            clock.sleep(until: min(next, clock.now + Self.longestSleep))
        } while clock.now < next
    }
}

/// A stop came while something was waited for.
struct StoppedWaiting: Error {}
