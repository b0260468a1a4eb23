#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A moment of a clock that never goes back; only differences mean anything.
public struct PipelineInstant: Sendable, Hashable, Comparable {
    public var sinceStart: Duration

    public init(sinceStart: Duration) {
        self.sinceStart = sinceStart
    }

    public static func < (left: Self, right: Self) -> Bool { left.sinceStart < right.sinceStart }
    public static func + (left: Self, right: Duration) -> Self { Self(sinceStart: left.sinceStart + right) }
    public static func - (left: Self, right: Self) -> Duration { left.sinceStart - right.sinceStart }
}

/// Time, as the pipeline sees it; a simulation has one of its own.
public protocol PipelineClock: AnyObject {
    var now: PipelineInstant { get }
    /// Milliseconds since 1970, for people: it may jump.
    var wallMilliseconds: Int64 { get }
    func sleep(until instant: PipelineInstant)
}

/// The machine's clocks.
public final class SystemPipelineClock: PipelineClock {
    public init() {}

    public var now: PipelineInstant { PipelineInstant(sinceStart: Self.time(CLOCK_MONOTONIC)) }

    public var wallMilliseconds: Int64 {
        let time = Self.time(CLOCK_REALTIME).components
        return time.seconds * 1_000 + time.attoseconds / 1_000_000_000_000_000
    }

    public func sleep(until instant: PipelineInstant) {
        let rest = instant - now
        guard rest > .zero else { return }
        let (seconds, attoseconds) = rest.components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        // A signal ends it early: whoever waits looks at the clock again.
        nanosleep(&time, nil)
    }

    private static func time(_ clock: clockid_t) -> Duration {
        var time = timespec()
        clock_gettime(clock, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
