import Retries

/// The records of one stream on their way out: one call after the other.
struct ForwardLane {
    let stream: RecordStream
    /// Tells this ownership of the stream from a later one.
    let number: Int
    private var queue: [RecordBatch] = []
    private(set) var queuedBytes = 0
    var isSending = false
    private(set) var retries: RetrySchedule
    /// When to send again after a failure; nil where nothing has failed.
    private(set) var nextTry: PipelineInstant?
    /// How many records the call holds that is to be made again: the same as before, so that the target
    /// knows it again.
    private var repeatedCount: Int?
    private(set) var stall: PipelineStall?

    init(_ stream: RecordStream, number: Int, retries: RetryPolicy) {
        self.stream = stream
        self.number = number
        self.retries = RetrySchedule(retries)
    }

    var isEmpty: Bool { queue.isEmpty }

    mutating func add(_ batch: RecordBatch) {
        queue.append(batch)
        queuedBytes += batch.bytes.count
    }

    /// Whether there is something to send now.
    func isReady(at now: PipelineInstant) -> Bool {
        !isSending && !queue.isEmpty && nextTry.map { $0 <= now } ?? true
    }

    /// The records of the next call: from the front as many as the limits allow, at least one.
    func next(_ limits: BatchLimits) -> RecordBatch {
        var batch = RecordBatch(stream: stream)
        let count = repeatedCount ?? limits.recordCount
        var byteCount = 0
        for queued in queue {
            for record in queued.records {
                byteCount += queued.byteCount(of: record)
                let fits = batch.records.count < count && byteCount <= limits.byteCount
                guard batch.records.isEmpty || fits else { return batch }
                batch.append(record, of: queued)
            }
        }
        return batch
    }

    /// Removes the first records: the target has them, or the dead letters.
    ///
    /// - Returns: the offset below which all is finished; nil for no records.
    mutating func finish(_ count: Int) -> Int64? {
        var rest = count
        var offset: Int64?
        while rest > 0, !queue.isEmpty {
            let taken = min(rest, queue[0].records.count)
            offset = queue[0].records[taken - 1].nextOffset
            queue[0].records.removeFirst(taken)
            rest -= taken
            if queue[0].records.isEmpty { queuedBytes -= queue.removeFirst().bytes.count }
        }
        return offset
    }

    mutating func succeeded() {
        retries.succeeded()
        (nextTry, repeatedCount, stall) = (nil, nil, nil)
    }

    /// - Parameters:
    ///   - restCount: records of the call that are not finished.
    ///   - wait: the least time to the next try.
    /// - Returns: whether there is to be another try.
    mutating func failed(
        _ reason: String,
        restCount: Int,
        at now: PipelineInstant,
        wait: Duration,
        jitter: Double
    ) -> Bool {
        guard let next = retries.failed(at: now, jitter: jitter) else { return false }
        nextTry = max(next, now + wait)
        repeatedCount = restCount
        stall = PipelineStall(reason: reason, since: stall?.since ?? now)
        return true
    }
}
