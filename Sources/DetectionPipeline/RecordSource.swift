/// Where records come from. Called from one thread.
public protocol RecordSource: AnyObject {
    /// Waits for the next event, at most about a batch window.
    func next() throws -> SourceEvent

    /// Starts the streams of the `.assigned` event just given, before the next call of
    /// `next`.
    ///
    /// - Parameter offsets: where to start; streams that are not in it start where the
    ///   group has committed, else at the source's starting position.
    /// - Returns: where each stream really starts, as far as that is known. It differs
    ///   from `offsets` where the records there are no more, or not yet.
    func begin(at offsets: [RecordStream: Int64]) throws -> [RecordStream: Int64]

    /// Marks everything below these offsets as finished. Called only after the
    /// anomalies and dead letters below them are stored.
    ///
    /// - Returns: false where that could not be noted now. Nothing is lost by it: the
    ///   records are read again if nobody commits later.
    func commit(_ offsets: [RecordStream: Int64]) throws -> Bool

    /// Gives no more records until `resume`, but all other events. Records that are
    /// under way may still come.
    func pause() throws

    func resume() throws

    /// Whether `next` must be called also while paused, as a member of a group must.
    var needsPolling: Bool { get }

    /// Shows that its owner lives, and waits for nothing. To be called where `next` is not for long, as while the
    /// beginning of streams is waited for.
    func keepAlive()
}

extension RecordSource {
    public func begin(at offsets: [RecordStream: Int64]) throws -> [RecordStream: Int64] { [:] }
    public func pause() throws {}
    public func resume() throws {}
    public var needsPolling: Bool { false }
    public func keepAlive() {}
}

public enum SourceEvent: Sendable {
    /// Records, at most one batch for each stream, in the stream's order.
    case batches([RecordBatch])
    /// These streams are ours from now on. Only sources with groups say so.
    case assigned(StreamAssignment)
    /// Nothing new within the window.
    case idle
    /// These streams go to somebody else: what is finished is committed before
    /// the next call of `next`, then they are forgotten.
    case revoked([RecordStream])
    /// These streams are somebody else's already: nothing of them may be committed.
    case lost([RecordStream])
    /// There will be no more.
    case end
}

/// Streams that a group has given to this member.
public struct StreamAssignment: Sendable, Hashable {
    public var streams: [RecordStream]
    /// What the group has committed; streams without a commit are absent.
    public var committed: [RecordStream: Int64]
    /// Grows with every rebalance of the group.
    public var generation: Int32

    public init(streams: [RecordStream], committed: [RecordStream: Int64] = [:], generation: Int32 = 0) {
        self.streams = streams
        self.committed = committed
        self.generation = generation
    }
}
