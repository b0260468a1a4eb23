import Glibc

/// A point in time by which something must be done, on the monotonic clock.
struct Deadline {
    private let end: ContinuousClock.Instant

    init(after duration: Duration) {
        end = ContinuousClock.now + duration
    }

    var hasPassed: Bool { ContinuousClock.now >= end }

    var remaining: Duration { max(.zero, end - ContinuousClock.now) }

    /// What is left, at most `limit`, in the milliseconds that librdkafka takes.
    func milliseconds(atMost limit: Duration = .seconds(3600)) -> Int32 {
        min(remaining, limit).librdkafkaMilliseconds
    }
}

extension Duration {
    /// Whole milliseconds, rounded up so that a short wait is not none.
    var librdkafkaMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        let milliseconds = seconds.multipliedReportingOverflow(by: 1000)
        guard !milliseconds.overflow, milliseconds.partialValue < Int64(Int32.max) else { return .max }
        let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: max(0, milliseconds.partialValue + rest))
    }
}

/// Lets this thread sleep.
func pauseThread(_ duration: Duration) {
    usleep(UInt32(clamping: Int64(duration.librdkafkaMilliseconds) * 1000))
}
