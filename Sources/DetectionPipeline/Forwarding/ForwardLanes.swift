import Retries

/// Which records go out next, and what an answer means: one lane for each stream, at most one call of a
/// lane at a time, and of all lanes as many as the concurrency limit allows. A value: time and chance are
/// given to it.
struct ForwardLanes {
    private let limits: BatchLimits
    private let policy: RetryPolicy
    private var lanes: [RecordStream: ForwardLane] = [:]
    /// Streams in the order in which they have their turns.
    private var turns: [RecordStream] = []
    private var laneCount = 0
    var concurrency: ConcurrencyLimit
    private var budget = RetryBudget()

    /// No server that asks for more is obeyed at once: it may have meant another unit.
    private static let longestWait: Duration = .seconds(300)

    init(limits: BatchLimits, retries: RetryPolicy, concurrency: ConcurrencyLimit) {
        self.limits = limits
        policy = retries
        self.concurrency = concurrency
    }

    /// Bytes that wait or are under way.
    var queuedBytes: Int { lanes.values.reduce(0) { $0 + $1.queuedBytes } }
    var isEmpty: Bool { lanes.values.allSatisfy(\.isEmpty) }
    /// The stall that has lasted longest.
    var stall: PipelineStall? { lanes.values.compactMap(\.stall).min { $0.since < $1.since } }
    var nextTry: PipelineInstant? { lanes.values.compactMap(\.nextTry).min() }

    func isSending(_ streams: Set<RecordStream>) -> Bool {
        streams.contains { lanes[$0]?.isSending ?? false }
    }

    mutating func add(_ batch: RecordBatch) {
        if lanes[batch.stream] == nil {
            laneCount += 1
            lanes[batch.stream] = ForwardLane(batch.stream, number: laneCount, retries: policy)
            turns.append(batch.stream)
        }
        lanes[batch.stream]?.add(batch)
    }

    /// Forgets streams; the answers to calls of theirs under way are ignored.
    mutating func forget(_ streams: Set<RecordStream>) {
        for stream in streams { lanes[stream] = nil }
        turns.removeAll(where: streams.contains)
    }

    /// The calls to make now. Each takes a place of the limit until `ended` is told of it.
    mutating func start(at now: PipelineInstant) -> [ForwardCall] {
        var calls: [ForwardCall] = []
        for stream in turns {
            guard var lane = lanes[stream], lane.isReady(at: now) else { continue }
            guard concurrency.take() else { break }
            lane.isSending = true
            lanes[stream] = lane
            calls.append(
                ForwardCall(
                    lane: lane.number,
                    batch: lane.next(limits),
                    attempt: lane.retries.failureCount + 1
                )
            )
        }
        // Who had a turn comes last the next time.
        let started = Set(calls.map(\.batch.stream))
        turns = turns.filter { !started.contains($0) } + calls.map(\.batch.stream)
        return calls
    }

    /// Takes the answer to a call.
    ///
    /// - Parameter jitter: uniform in `0..<1`.
    /// - Returns: below which offset the stream is finished; nil where it has not got on, or is not ours
    ///   any more.
    /// - Throws: the call's error where no other try may follow.
    mutating func ended(
        _ call: ForwardCall,
        _ answer: ForwardAnswer,
        at now: PipelineInstant,
        jitter: Double
    ) throws -> Int64? {
        concurrency.giveBack()
        let stream = call.batch.stream
        guard var lane = lanes[stream], lane.number == call.lane else { return nil }
        lane.isSending = false
        let finished = lane.finish(answer.finishedCount)
        if let error = answer.error {
            guard FailureKind(error) == .transient else { throw error }
            // Without budget the longest delay: what is down is not helped by more calls.
            let chance = budget.spend() ? jitter : 1
            let wait = min((error as? any DelayedError)?.retryAfter ?? .zero, Self.longestWait)
            let rest = call.batch.records.count - answer.finishedCount
            guard lane.failed("\(error)", restCount: rest, at: now, wait: wait, jitter: chance) else {
                throw error
            }
        } else {
            lane.succeeded()
            budget.earn()
        }
        lanes[stream] = lane
        return finished
    }
}
