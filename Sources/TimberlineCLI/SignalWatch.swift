import Dispatch
import Glibc
import Telemetry

/// Acts on signals while the pipeline's thread may be busy or waiting: wakes it, and ends the process
/// where a drain takes longer than it may.
final class SignalWatch {
    private let timer: any DispatchSourceTimer
    private let limit: Locked<Duration>

    private struct State: Sendable {
        var stopSeen: ContinuousClock.Instant?
        var isExpired = false
    }

    /// How often the signals' flags are looked at.
    static let interval: Duration = .milliseconds(100)

    /// - Parameters:
    ///   - drainLimit: how long a run may take to end after it was asked to.
    ///   - isStopping: whether it was asked.
    ///   - wake: ends the wait of the pipeline's thread.
    ///   - expired: called once, at the limit.
    init(
        drainLimit: Duration,
        isStopping: @escaping @Sendable () -> Bool = { StopSignal.isRaised },
        wake: @escaping @Sendable () -> Void,
        expired: @escaping @Sendable (Duration) -> Void
    ) {
        let limit = Locked(drainLimit)
        let state = Locked(State())
        self.limit = limit
        timer = DispatchSource.makeTimerSource(queue: .global())
        timer.setEventHandler {
            if ReloadSignal.isRaised { wake() }
            guard isStopping() else { return }
            let now = ContinuousClock.now
            let limit = limit.withLock { $0 }
            let (isFirst, isExpired) = state.withLock { state in
                let isFirst = state.stopSeen == nil
                let since = state.stopSeen ?? now
                state.stopSeen = since
                let isExpired = !state.isExpired && since.duration(to: now) >= limit
                if isExpired { state.isExpired = true }
                return (isFirst, isExpired)
            }
            if isFirst { wake() }
            if isExpired { expired(limit) }
        }
        timer.schedule(deadline: .now(), repeating: .milliseconds(Int(Self.interval / .milliseconds(1))))
        timer.activate()
    }

    deinit {
        timer.cancel()
    }

    func setDrainLimit(_ duration: Duration) {
        limit.withLock { $0 = duration }
    }
}
