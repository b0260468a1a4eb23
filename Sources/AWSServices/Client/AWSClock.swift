import Telemetry

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where a client takes the time from, and how it waits; a test gives another.
public struct AWSClock: Sendable {
    /// Milliseconds since 1970, UTC.
    public let now: @Sendable () -> Int64
    /// Time since some fixed moment, which nobody sets.
    public let uptime: @Sendable () -> Duration
    public let sleep: @Sendable (Duration) -> Void

    public init(
        now: @escaping @Sendable () -> Int64,
        uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) -> Void
    ) {
        self.now = now
        self.uptime = uptime
        self.sleep = sleep
    }

    public static let system = AWSClock(
        now: wallClockMilliseconds,
        uptime: {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
        },
        sleep: { duration in
            let (seconds, attoseconds) = duration.components
            guard duration > .zero else { return }
            var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
            var left = timespec()
            // A signal ends it too early.
            while nanosleep(&time, &left) != 0, errno == EINTR { time = left }
        }
    )
}
