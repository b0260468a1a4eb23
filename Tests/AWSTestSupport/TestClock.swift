public import AWSServices
import Telemetry

/// Notes how long somebody wanted to wait, and lets that much time pass at once.
public final class WaitRecord: Sendable {
    private let list = Locked<[Duration]>([])

    public init() {}

    public var waits: [Duration] { list.withLock { $0 } }
    public var sum: Duration { waits.reduce(.zero, +) }

    func note(_ wait: Duration) { list.withLock { $0.append(wait) } }
}

extension AWSClock {
    /// The real time; `uptime` goes on by what would have been waited.
    ///
    /// - Parameter ahead: milliseconds that its `now` is ahead of the real one.
    public static func withoutWaiting(_ record: WaitRecord = WaitRecord(), ahead: Int64 = 0) -> AWSClock {
        AWSClock(
            // What was not waited is not in it: the other side has the real time.
            now: { wallClockMilliseconds() + ahead },
            uptime: { AWSClock.system.uptime() + record.sum },
            sleep: { record.note($0) }
        )
    }
}
