import AnomalyDetection
import Retries
public import Telemetry

/// Moves records from a source through the models into the sinks, and commits
/// what is finished: scored, its anomalies stored, its failures in the dead letters.
///
/// Runs on the thread that calls it, one batch of events at a time. While a sink, or a model outside that scores, is
/// down it holds that batch, pauses the source and tries again. With checkpoints, a run that
/// was cut off anywhere goes on with the same models at the record they expect next.
public final class Pipeline {
    let source: any RecordSource
    let scorer: (any RowScorer)?
    let sinks: [any ScoredRecordSink]
    let transaction: (any TransactionalSink)?
    let deadLetters: (any DeadLetterSink)?
    var settings: PipelineSettings
    let history: (() throws -> any RecordSource)?
    let checkpoints: CheckpointStore?
    let clock: any PipelineClock
    let jitter: () -> Double
    let logger: Logger
    let onProgress: (PipelineProgress) -> Void

    var processors: [RecordStream: StreamProcessor] = [:]
    var ledger = OffsetLedger()
    var progress = PipelineProgress()
    var schedule: CheckpointSchedule
    /// When each stream that is ours was saved, or begun.
    var lastSaves: [RecordStream: PipelineInstant] = [:]
    /// What a sink has not taken yet.
    var pending: Delivery?
    var retries: RetrySchedule
    var budget = RetryBudget()
    var nextTry: PipelineInstant?
    /// Batches that came while a delivery was pending.
    private var waiting: [RecordBatch] = []
    private var sourceHasEnded = false
    /// When a stop no longer waits for sinks; nil while there is none.
    private var drainEnd: PipelineInstant?
    private(set) var shouldStop: () -> Bool = { false }

    /// - Parameters:
    ///   - scorer: a model outside that gives the scores; nil for a forest for each entity, in this process.
    ///   - sinks: each gets all scored records, in this order.
    ///   - transaction: stores the records and commits the offsets, in place of the source.
    ///   - deadLetters: nil drops what cannot be scored after counting it.
    ///   - history: opens earlier records, which the models of every stream learn
    ///     before the stream's own first record. There is none for a model outside, which learns by itself.
    ///   - checkpoints: nil keeps nothing: every run learns anew.
    ///   - jitter: uniform in `0..<1`, for the delays of retries.
    ///   - onProgress: called after each event of the source, for progress and metrics.
    public init(
        source: any RecordSource,
        scorer: (any RowScorer)? = nil,
        sinks: [any ScoredRecordSink],
        transaction: (any TransactionalSink)? = nil,
        deadLetters: (any DeadLetterSink)?,
        settings: PipelineSettings,
        history: (() throws -> any RecordSource)? = nil,
        checkpoints: CheckpointStore? = nil,
        clock: any PipelineClock = SystemPipelineClock(),
        jitter: @escaping () -> Double = { Double.random(in: 0..<1) },
        logger: Logger = .silent,
        onProgress: @escaping (PipelineProgress) -> Void = { _ in }
    ) {
        precondition(scorer == nil || history == nil, "a model outside learns no history")
        self.source = source
        self.scorer = scorer
        self.sinks = sinks
        self.transaction = transaction
        self.deadLetters = deadLetters
        self.settings = settings
        self.settings.scoring = scorer.map { .external($0.name) } ?? .forests
        self.history = history
        self.checkpoints = checkpoints
        self.clock = clock
        self.jitter = jitter
        self.logger = logger
        self.onProgress = onProgress
        schedule = CheckpointSchedule(settings.checkpoints, now: clock.now)
        retries = RetrySchedule(settings.retries)
    }

    /// Runs until the source ends or `shouldStop` says so, asked between batches and while a stream's
    /// beginning is waited for. Once true it stays so.
    ///
    /// A delivery that is pending then is tried until `settings.drainTime` is over; what
    /// is not stored by then is not committed, and is read again by the next run.
    @discardableResult
    public func run(until shouldStop: @escaping () -> Bool = { false }) throws -> PipelineProgress {
        self.shouldStop = shouldStop
        while try step() {}
        return progress
    }

    /// One turn: a try of what is pending, or an event of the source.
    ///
    /// - Returns: whether there is another turn.
    package func step() throws -> Bool {
        if drainEnd == nil, shouldStop() { drainEnd = clock.now + settings.drainTime }
        try retryIfDue()
        if pending == nil, !waiting.isEmpty {
            try process(takeWaiting())
        } else if isDone {
            try finish()
            return false
        } else if pending == nil || (source.needsPolling && !sourceHasEnded) {
            if pending == nil { try saveCheckpointsIfDue() }
            try handle(try source.next())
        } else if let nextTry {
            clock.sleep(until: min(nextTry, clock.now + Self.longestSleep))
        }
        onProgress(progress)
        return true
    }

    /// How long a wait may keep a stop from being noticed.
    private static let longestSleep: Duration = .milliseconds(100)

    private var isDone: Bool {
        if pending == nil { return drainEnd != nil || sourceHasEnded }
        return drainEnd.map { clock.now >= $0 } ?? false
    }

    private func finish() throws {
        if pending == nil { try saveCheckpoints(of: processors.keys) }
        onProgress(progress)
    }

    private func handle(_ event: SourceEvent) throws {
        switch event {
        case .batches(let batches):
            if pending == nil { try process(batches) } else { waiting += batches }
        case .assigned(let assignment):
            do {
                try begin(assignment)
            } catch is StoppedWaiting {
                // Nothing may be read of streams that have not begun.
                forget(Set(assignment.streams))
                sourceHasEnded = true
            }
        case .idle:
            if settings.releasesWhenIdle, pending == nil { try releaseHeld() }
            try commitFinished()
        case .revoked(let streams):
            try giveUp(Set(streams))
            try goOnIfDropped()
        case .lost(let streams):
            forget(Set(streams))
            try goOnIfDropped()
        case .end:
            if pending == nil { try releaseHeld() }
            sourceHasEnded = pending == nil
        }
        progress.update(from: processors)
    }

    /// Scores what is held, however little.
    private func releaseHeld() throws {
        do {
            try settleHeld()
        } catch is StoppedWaiting {
            // What is held is read again by the next run.
            sourceHasEnded = true
            return
        }
        try deliver(release())
    }

    private func takeWaiting() -> [RecordBatch] {
        defer { waiting = [] }
        return waiting
    }

    private func process(_ batches: [RecordBatch]) throws {
        var outcomes: [BatchOutcome] = []
        for var batch in batches {
            progress.duplicates += ledger.take(&batch)
            guard !batch.records.isEmpty else { continue }
            outcomes += try processor(of: batch.modelStream).process(batch)
        }
        try deliver(outcomes)
    }

    func processor(of stream: RecordStream) throws -> StreamProcessor {
        if let processor = processors[stream] { return processor }
        let processor = StreamProcessor(settings: settings)
        if let history { try processor.warmUp(with: history()) }
        processors[stream] = processor
        return processor
    }

    private func release() throws -> [BatchOutcome] {
        // In a fixed order: dictionaries have none.
        try processors.sorted { $0.key.order < $1.key.order }.flatMap { try $0.value.release() }
    }

    /// Drops everything of streams that are not ours any more.
    func forget(_ streams: Set<RecordStream>) {
        pending?.drop(streams)
        waiting.removeAll { streams.contains($0.stream) }
        for stream in streams {
            processors[stream] = nil
            ledger.forget(stream)
            checkpoints?.forget(stream)
            progress.checkpoints[stream] = nil
            lastSaves[stream] = nil
        }
    }
}

extension RecordStream {
    /// A total order, for output that must not depend on hashing.
    var order: (String, String, Int32) { (origin, name, partition) }
}
