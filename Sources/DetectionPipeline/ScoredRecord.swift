public import AnomalyDetection

/// A record with its verdict, as sinks store it and people read it.
public struct ScoredRecord: Sendable, Hashable {
    public var identity: RecordIdentity
    /// The record's own time, else the broker's; nanoseconds since 1970.
    public var time: Int64?
    public var verdict: Verdict
    /// The log line, bounded; nil where it is left out.
    public var line: String?
    /// Whether `line` is only the beginning.
    public var isLineTruncated: Bool

    public init(
        identity: RecordIdentity,
        time: Int64?,
        verdict: Verdict,
        line: String?,
        isLineTruncated: Bool = false
    ) {
        self.identity = identity
        self.time = time
        self.verdict = verdict
        self.line = line
        self.isLineTruncated = isLineTruncated
    }
}

/// A record that could not be scored or stored, with the reason, whole.
public struct DeadLetter: Sendable, Hashable {
    public var identity: RecordIdentity
    public var key: [UInt8]?
    public var value: [UInt8]?
    public var headers: [RecordBatch.Header]
    public var reason: String
    /// Which try failed for good, counted from 1.
    public var attempt: Int

    public init(
        identity: RecordIdentity,
        key: [UInt8]?,
        value: [UInt8]?,
        headers: [RecordBatch.Header],
        reason: String,
        attempt: Int = 1
    ) {
        self.identity = identity
        self.key = key
        self.value = value
        self.headers = headers
        self.reason = reason
        self.attempt = attempt
    }
}
