/// Where records are forwarded to. Called from several threads at once, each with records of another
/// stream.
///
/// An error that is `ClassifiedError` tells what to do: after a transient one the same records come
/// again later; for a poisonous one they are halved until the one to blame is found, which goes to the
/// dead letters. Any other ends the run.
public protocol ForwardTarget: AnyObject, Sendable {
    /// Sends records of one stream, in their order; returns when the target has acknowledged all.
    func send(_ batch: RecordBatch) throws

    /// What it takes in one call at most.
    var limits: BatchLimits { get }

    /// For people.
    var name: String { get }
}

/// The most that one call may hold. A single record is sent however large it is: the target refuses it,
/// or takes it.
public struct BatchLimits: Sendable, Hashable {
    public var recordCount: Int
    /// Bytes of keys, values and headers.
    public var byteCount: Int

    public init(recordCount: Int = 500, byteCount: Int = 1 << 20) {
        self.recordCount = recordCount
        self.byteCount = byteCount
    }
}

/// A call that the target took a part of: the first records, and not the rest.
public struct PartialSend: Error, Sendable {
    /// How many from the front are acknowledged.
    public var acknowledgedCount: Int
    /// Why the rest is not; never a poisonous error.
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
