import Dispatch
import Glibc
import Telemetry

/// Acts on signals while the pipeline's thread may be busy or waiting: wakes it, and ends the process
/// where a drain takes longer than it may.
final class SignalWatch {
    private let timer: any DispatchSourceTimer
    private let limit: Locked<Duration>
    private let wake = Locked<@Sendable () -> Void>({})

    /// How often the signals' flags are looked at.
    static let interval: Duration = .milliseconds(100)

    /// - Parameter drainLimit: how long a run may take to end after it was asked to; then the process ends.
    init(drainLimit: Duration, logger: Logger) {
        let limit = Locked(drainLimit)
        let stopSeen = Locked<ContinuousClock.Instant?>(nil)
        self.limit = limit
        let wake = wake
        timer = DispatchSource.makeTimerSource(queue: .global())
        timer.setEventHandler {
            if ReloadSignal.isRaised { wake.withLock { $0 }() }
            guard StopSignal.isRaised else { return }
            let now = ContinuousClock.now
            let limit = limit.withLock { $0 }
            let (isFirst, start) = stopSeen.withLock { seen in
                defer { seen = seen ?? now }
                return (seen == nil, seen ?? now)
            }
            if isFirst { wake.withLock { $0 }() }
            guard start.duration(to: now) >= limit else { return }
            logger.error(
                "drain_timed_out",
                "not drained in time; what is not committed is read again",
                ["seconds": LogValue(seconds: limit)]
            )
            _exit(ExitCode.failure.rawValue)
        }
        timer.schedule(deadline: .now(), repeating: .milliseconds(Int(Self.interval / .milliseconds(1))))
        timer.activate()
    }

    deinit {
        timer.cancel()
    }

    /// Sets what ends the wait of the pipeline's thread, once there is something that it waits for.
    func setWake(_ wake: @escaping @Sendable () -> Void) {
        self.wake.withLock { $0 = wake }
    }

    func setDrainLimit(_ duration: Duration) {
        limit.withLock { $0 = duration }
    }
}
