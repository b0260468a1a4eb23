import Retries

/// Which records go out next, and what an answer means: one lane for each stream, at most one call of a
/// lane at a time, and of all lanes as many as the concurrency limit allows. A value: time and chance are
/// given to it.
struct ForwardLanes {
    var limits: BatchLimits
    /// Tries that may fail with a `CountedError` before their records are given up; nil for any number.
    var attemptLimit: Int?
    private let policy: RetryPolicy
    private var lanes: [RecordStream: ForwardLane] = [:]
    /// Streams in the order in which they have their turns.
    private var turns: [RecordStream] = []
    private var laneCount = 0
    var concurrency: ConcurrencyLimit
    private var budget = RetryBudget()

    /// No server that asks for more is obeyed at once: it may have meant another unit.
    private static let longestWait: Duration = .seconds(300)

    init(limits: BatchLimits, retries: RetryPolicy, concurrency: ConcurrencyLimit, attemptLimit: Int? = nil) {
        self.limits = limits
        self.attemptLimit = attemptLimit
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

    /// Takes records that are to be sent.
    ///
    /// - Parameters:
    ///   - end: everything below has come, be it to be sent or not.
    ///   - size: bytes of a record as the target counts them.
    /// - Returns: below which offset the stream is finished by that, where nothing of it waits.
    mutating func add(
        _ batch: RecordBatch,
        upTo end: Int64,
        at now: PipelineInstant,
        size: (RecordBatch.Record, RecordBatch) -> Int
    ) -> Int64? {
        var lane = lanes[batch.stream] ?? newLane(batch.stream)
        if !batch.records.isEmpty { lane.add(batch, sizes: batch.records.map { size($0, batch) }, at: now) }
        let isFinished = lane.skip(to: end)
        lanes[batch.stream] = lane
        return isFinished ? end : nil
    }

    private mutating func newLane(_ stream: RecordStream) -> ForwardLane {
        laneCount += 1
        turns.append(stream)
        return ForwardLane(stream, number: laneCount, retries: policy)
    }

    /// Forgets streams; the answers to calls of theirs under way are ignored.
    mutating func forget(_ streams: Set<RecordStream>) {
        for stream in streams { lanes[stream] = nil }
        turns.removeAll(where: streams.contains)
    }

    /// The calls to make now. Each takes a place of the limit until `ended` is told of it.
    ///
    /// - Parameter refusal: why a record must not be sent.
    mutating func start(
        at now: PipelineInstant,
        refusal: (RecordBatch.Record, RecordBatch) -> (any Error)? = { _, _ in nil }
    ) -> [ForwardCall] {
        var calls: [ForwardCall] = []
        for stream in turns {
            guard var lane = lanes[stream], let start = lane.nextStart(limits), start <= now else { continue }
            guard concurrency.take() else { break }
            lane.isSending = true
            lanes[stream] = lane
            calls.append(lane.next(limits, refusal: refusal))
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
            let rest = call.batch.records.count - answer.finishedCount
            lane.keepTogether(rest)
            try failed(call, error, rest, &lane, at: now, jitter: jitter)
        } else {
            lane.succeeded()
            budget.earn()
            concurrency.succeeded()
        }
        lanes[stream] = lane
        return finished
    }

    private mutating func failed(
        _ call: ForwardCall,
        _ error: any Error,
        _ restCount: Int,
        _ lane: inout ForwardLane,
        at now: PipelineInstant,
        jitter: Double
    ) throws {
        switch FailureKind(error) {
        case .poison where !call.isGivingUp:
            if restCount > 1 { lane.halve() } else { lane.giveUp(error) }
        case .transient:
            if !call.isGivingUp, error is any CountedError {
                let count = lane.countAttempt()
                if let attemptLimit, count >= attemptLimit { return lane.giveUp(error) }
            }
            if let throttling = error as? any ThrottlingError, throttling.isThrottling {
                concurrency.throttled()
            }
            // Without budget the longest delay: what is down is not helped by more calls.
            let chance = budget.spend() ? jitter : 1
            let wait = min((error as? any DelayedError)?.retryAfter ?? .zero, Self.longestWait)
            guard lane.failed("\(error)", at: now, wait: wait, jitter: chance) else { throw error }
        case .poison, .permanent: throw error
        }
    }
}
