import Retries

/// The records of one stream on their way out: one call after the other.
///
/// A call that failed is made again with the same records, halved first where one of them is to blame: what is to be
/// done with the records at the front is in `pieces` and `givingUp`, and goes before what has come since.
struct ForwardLane {
    let stream: RecordStream
    /// Tells this ownership of the stream from a later one.
    let number: Int
    private var queue: [QueuedRecords] = []
    private(set) var queuedBytes = 0
    /// Records that wait or are under way, and their bytes as the target counts them.
    private var queuedCount = 0
    private var queuedSize = 0
    var isSending = false
    private(set) var retries: RetrySchedule
    /// When to send again after a failure; nil where nothing has failed.
    private(set) var nextTry: PipelineInstant?
    /// How many records each of the next calls holds, where they were in a call before; the first call is `pieces[0]`.
    private var pieces: [Int] = []
    /// Tries of the first call that failed with a `CountedError`.
    private var countedAttempts = 0
    /// Why the first call's records are given up; nil while they are to be sent.
    private var givingUp: (any Error)?
    private(set) var stall: PipelineStall?

    private struct QueuedRecords {
        var batch: RecordBatch
        /// Bytes of each record as the target counts them.
        var sizes: [Int]
        var arrival: PipelineInstant
    }

    init(_ stream: RecordStream, number: Int, retries: RetryPolicy) {
        self.stream = stream
        self.number = number
        self.retries = RetrySchedule(retries)
    }

    var isEmpty: Bool { queue.isEmpty }

    mutating func add(_ batch: RecordBatch, sizes: [Int], at now: PipelineInstant) {
        queue.append(QueuedRecords(batch: batch, sizes: sizes, arrival: now))
        queuedBytes += batch.bytes.count
        queuedCount += sizes.count
        queuedSize += sizes.reduce(0, +)
    }

    /// Notes that nothing below `offset` is to be sent but what waits.
    ///
    /// - Returns: whether that finishes the stream up to it: nothing waits.
    mutating func skip(to offset: Int64) -> Bool {
        guard let last = queue.indices.last else { return true }
        let record = queue[last].batch.records.count - 1
        queue[last].batch.records[record].nextOffset = offset
        return false
    }

    // MARK: What goes out next

    /// When there is something to send, if nothing else comes; nil where nothing waits, or a call is under way.
    func nextStart(_ limits: BatchLimits) -> PipelineInstant? {
        guard !isSending, let first = queue.first else { return nil }
        if let nextTry { return nextTry }
        let isFull = queuedCount >= limits.recordCount || queuedSize >= limits.byteCount
        return !pieces.isEmpty || isFull ? first.arrival : first.arrival + limits.window
    }

    /// The next call: records from the front, as many as the limits allow, at least one.
    ///
    /// - Parameter refusal: why a record must not be sent; such records are given up, together where the reason is the
    ///   same.
    func next(
        _ limits: BatchLimits,
        refusal: (RecordBatch.Record, RecordBatch) -> (any Error)?
    ) -> ForwardCall {
        var call = ForwardCall(
            lane: number,
            batch: RecordBatch(stream: stream),
            attempt: retries.failureCount + 1,
            countedAttempts: countedAttempts
        )
        let count = pieces.first ?? limits.recordCount
        let byteLimit = pieces.isEmpty ? limits.byteCount : .max
        var size = 0
        var reason: String?
        for queued in queue {
            for (record, recordSize) in zip(queued.batch.records, queued.sizes) {
                size += recordSize
                let refused = givingUp ?? refusal(record, queued.batch)
                let itsReason = refused.map { "\($0)" }
                if call.batch.records.isEmpty {
                    if let refused { call.purpose = .giveUp(refused) }
                    reason = itsReason
                } else {
                    guard call.batch.records.count < count, size <= byteLimit, itsReason == reason else {
                        return call
                    }
                }
                call.batch.append(record, of: queued.batch)
            }
        }
        return call
    }

    // MARK: What an answer means

    /// Removes the first records: they are done with.
    ///
    /// - Returns: the offset below which all is finished; nil for no records.
    mutating func finish(_ count: Int) -> Int64? {
        guard count > 0 else { return nil }
        var rest = count
        var offset: Int64?
        while rest > 0, !queue.isEmpty {
            let taken = min(rest, queue[0].sizes.count)
            offset = queue[0].batch.records[taken - 1].nextOffset
            queuedCount -= taken
            queuedSize -= queue[0].sizes[..<taken].reduce(0, +)
            queue[0].batch.records.removeFirst(taken)
            queue[0].sizes.removeFirst(taken)
            rest -= taken
            if queue[0].sizes.isEmpty { queuedBytes -= queue.removeFirst().batch.bytes.count }
        }
        finishPieces(count)
        // Other records are first now.
        retries.succeeded()
        countedAttempts = 0
        return offset
    }

    private mutating func finishPieces(_ count: Int) {
        var rest = count
        while rest > 0, let first = pieces.first {
            if first > rest {
                pieces[0] -= rest
            } else {
                pieces.removeFirst()
            }
            rest -= min(first, rest)
        }
    }

    /// A call has ended well.
    mutating func succeeded() {
        (nextTry, givingUp, stall) = (nil, nil, nil)
    }

    /// The first `count` records, which were in one call, come again together.
    mutating func keepTogether(_ count: Int) {
        let rest = pieces.isEmpty ? 0 : pieces.removeFirst() - count
        pieces.insert(contentsOf: rest > 0 ? [count, rest] : [count], at: 0)
    }

    /// One record of the first call is to blame: each half comes again by itself.
    mutating func halve() {
        let count = pieces[0]
        pieces.replaceSubrange(..<1, with: [count / 2, count - count / 2])
        countedAttempts = 0
        nextTry = nil
    }

    /// The first call's records are not to be sent again.
    mutating func giveUp(_ error: any Error) {
        givingUp = error
        nextTry = nil
    }

    /// - Returns: how often this has happened with the first call.
    mutating func countAttempt() -> Int {
        countedAttempts += 1
        return countedAttempts
    }

    /// - Parameter wait: the least time to the next try.
    /// - Returns: whether there is to be another try.
    mutating func failed(_ reason: String, at now: PipelineInstant, wait: Duration, jitter: Double) -> Bool {
        guard let next = retries.failed(at: now, jitter: jitter) else { return false }
        nextTry = max(next, now + wait)
        stall = PipelineStall(reason: reason, since: stall?.since ?? now)
        return true
    }
}
