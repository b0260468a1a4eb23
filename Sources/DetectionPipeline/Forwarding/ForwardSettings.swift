public import Retries

public struct ForwardSettings: Sendable {
    /// Calls under way at once, at most one for each stream.
    public var concurrency = 50
    /// Bytes of records that wait or are under way; beyond, nothing more is read.
    public var queueLimit = 32 << 20
    /// How a call is tried again that the target cannot take now: for ever, by default.
    public var retries = RetryPolicy(maximumAttempts: nil, deadline: nil)
    /// Tries that may fail with a `CountedError` before their records are given up; nil for any number.
    public var attemptLimit: Int?
    /// How long a stop, or a partition that goes to somebody else, waits for calls under way.
    public var drainTime: Duration = .seconds(20)

    public init() {}
}

/// How far a forwarder has come.
public struct ForwardProgress: Sendable {
    /// Records that the target has.
    public var forwarded = 0
    public var deadLetters = 0
    /// Records that the target does not want.
    public var skipped = 0
    /// Records that came again and were left out.
    public var duplicates = 0
    /// Calls that were tried again.
    public var retries = 0
    /// Calls under way, and the most that were at once.
    public var callsUnderWay = 0
    public var peakCalls = 0
    public var queuedBytes = 0
    /// Why some records do not move, while the target does not take them.
    public var stall: PipelineStall?

    public init() {}
}
