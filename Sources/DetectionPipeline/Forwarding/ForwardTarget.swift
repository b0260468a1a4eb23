/// Where records are forwarded to. Called from several threads at once, each with records of another
/// stream.
///
/// An error that is `ClassifiedError` tells what to do: after a transient one the same records come
/// again later; for a poisonous one they are halved until the one to blame is found, which is given up.
/// Any other ends the run.
public protocol ForwardTarget: AnyObject, Sendable {
    /// Sends records of one stream, in their order; returns when the target has acknowledged all.
    func send(_ batch: RecordBatch) throws

    /// What it takes in one call at most. Asked before each call: it may change.
    var limits: BatchLimits { get }

    /// For people.
    var name: String { get }

    /// Whether a record is sent at all. One that is not is finished when those before it are. Asked once, when the
    /// record comes in.
    func wants(_ record: RecordBatch.Record, of batch: RecordBatch) -> Bool

    /// Bytes that a record takes of a call's `limits.byteCount`.
    func byteCount(of record: RecordBatch.Record, in batch: RecordBatch) -> Int

    /// Why a record must not be sent, or not any more: it is given up. Nil where it may be sent. Asked before each
    /// call.
    func refusal(of record: RecordBatch.Record, in batch: RecordBatch) -> (any Error)?
}

extension ForwardTarget {
    public func wants(_ record: RecordBatch.Record, of batch: RecordBatch) -> Bool { true }
    public func byteCount(of record: RecordBatch.Record, in batch: RecordBatch) -> Int {
        batch.byteCount(of: record)
    }
    public func refusal(of record: RecordBatch.Record, in batch: RecordBatch) -> (any Error)? { nil }
}

/// The most that one call may hold. A single record is sent however large it is: the target refuses it,
/// or takes it.
public struct BatchLimits: Sendable, Hashable {
    public var recordCount: Int
    /// Bytes as the target counts them; keys, values and headers where it does not.
    public var byteCount: Int
    /// How long a record waits for others that fill its call.
    public var window: Duration

    public init(recordCount: Int = 500, byteCount: Int = 1 << 20, window: Duration = .zero) {
        self.recordCount = recordCount
        self.byteCount = byteCount
        self.window = window
    }
}

/// A call that the target took a part of: the first records, and not the rest.
public struct PartialSend: Error, Sendable {
    /// How many from the front are acknowledged.
    public var acknowledgedCount: Int
    /// Why the rest is not.
    public var cause: any Error

    public init(acknowledgedCount: Int, cause: any Error) {
        self.acknowledgedCount = acknowledgedCount
        self.cause = cause
    }
}

/// An error that says when to come again at the earliest, as HTTP's `Retry-After` does.
public protocol DelayedError: ClassifiedError {
    var retryAfter: Duration? { get }
}

/// A transient error for which the records may be to blame: after so many of them as
/// `ForwardSettings.attemptLimit` says the records are given up.
public protocol CountedError: ClassifiedError {}

/// A transient error that may say that the target wants fewer calls at once: then fewer are made until it has taken
/// some, and the streams have their turns.
public protocol ThrottlingError: ClassifiedError {
    var isThrottling: Bool { get }
}
