public import Telemetry

/// Whether a service is alive and ready, and if not, why. The service tells, probes ask, on any thread.
public final class ServiceHealth: Sendable {
    /// A reason that holds, and since when.
    public struct Problem: Sendable, Hashable {
        public var reason: UnreadyReason
        /// Which part it is about, where there are several: a sink's name.
        public var subject: String
        /// For people.
        public var detail: String
        /// Milliseconds since 1970.
        public var since: Int64
    }

    private struct Key: Hashable {
        var reason: UnreadyReason
        var subject: String
    }

    private struct State: Sendable {
        var problems: [Key: Problem] = [:]
        var progress: ContinuousClock.Instant?
        var progressLimit: Duration
    }

    private let state: Locked<State>
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - progressLimit: how long the main loop may take for one turn and still count as alive.
    ///   - millisecondsNow: the time in milliseconds since 1970.
    public init(
        progressLimit: Duration,
        millisecondsNow: @escaping @Sendable () -> Int64 = wallClockMilliseconds
    ) {
        state = Locked(State(progressLimit: progressLimit))
        now = millisecondsNow
    }

    /// Notes that a reason holds. One that held already keeps its beginning.
    public func raise(_ reason: UnreadyReason, of subject: String = "", _ detail: String) {
        let key = Key(reason: reason, subject: subject)
        let now = now()
        state.withLock { state in
            let since = state.problems[key]?.since ?? now
            state.problems[key] = Problem(reason: reason, subject: subject, detail: detail, since: since)
        }
    }

    public func clear(_ reason: UnreadyReason, of subject: String = "") {
        let key = Key(reason: reason, subject: subject)
        state.withLock { state in _ = state.problems.removeValue(forKey: key) }
    }

    /// What keeps the service from being ready, the oldest first; nothing where it is.
    public var problems: [Problem] {
        state.withLock { Array($0.problems.values) }
            .sorted {
                ($0.since, $0.reason.rawValue, $0.subject) < ($1.since, $1.reason.rawValue, $1.subject)
            }
    }

    /// Notes a turn of the main loop.
    public func madeProgress(at now: ContinuousClock.Instant = .now) {
        state.withLock { $0.progress = now }
    }

    public func setProgressLimit(_ limit: Duration) {
        state.withLock { $0.progressLimit = limit }
    }

    /// Since the last turn of the main loop; nil before the first, whose time the start bounds.
    public func timeSinceProgress(at now: ContinuousClock.Instant = .now) -> Duration? {
        state.withLock { $0.progress }.map { $0.duration(to: now) }
    }

    public func isAlive(at now: ContinuousClock.Instant = .now) -> Bool {
        let limit = state.withLock { $0.progressLimit }
        return timeSinceProgress(at: now).map { $0 <= limit } ?? true
    }
}
