import Dispatch
public import Telemetry

/// Moves records from a source to a target as they are, and commits what the target has acknowledged or
/// the dead letters hold.
///
/// The streams go out side by side, each in its order: one call at a time for each stream, and as many at
/// once as the concurrency limit allows. What the target cannot take now waits, and comes again with the same
/// records; when too much waits, the source is paused.
///
/// Runs on the thread that calls it; the target is called on threads of its own.
public final class Forwarder {
    let source: any RecordSource
    private let target: any ForwardTarget
    private let undeliverable: any UndeliverableRecords
    var settings: ForwardSettings
    let clock: any PipelineClock
    let jitter: () -> Double
    let logger: Logger
    private let wake: @Sendable () -> Void
    let onProgress: (ForwardProgress) -> Void

    var lanes: ForwardLanes
    var ledger = OffsetLedger()
    var progress = ForwardProgress()
    private let mailbox = ForwardMailbox()
    private var sourceHasEnded = false
    private var isPaused = false
    /// Since when there has been no room for more.
    private var fullSince: PipelineInstant?
    /// When a stop no longer waits for calls under way; nil while there is none.
    private var drainEnd: PipelineInstant?
    private(set) var shouldStop: () -> Bool = { false }

    /// - Parameters:
    ///   - undeliverable: gets what the target does not get.
    ///   - jitter: uniform in `0..<1`, for the delays of retries.
    ///   - wake: ends a wait of `source.next` from any thread, where the source can: an answer is then
    ///     committed at once.
    ///   - onProgress: called after each turn.
    public init(
        source: any RecordSource,
        target: any ForwardTarget,
        undeliverable: any UndeliverableRecords,
        settings: ForwardSettings = ForwardSettings(),
        clock: any PipelineClock = SystemPipelineClock(),
        jitter: @escaping () -> Double = { Double.random(in: 0..<1) },
        logger: Logger = .silent,
        wake: @escaping @Sendable () -> Void = {},
        onProgress: @escaping (ForwardProgress) -> Void = { _ in }
    ) {
        self.source = source
        self.target = target
        self.undeliverable = undeliverable
        self.settings = settings
        self.clock = clock
        self.jitter = jitter
        self.logger = logger
        self.wake = wake
        self.onProgress = onProgress
        lanes = ForwardLanes(
            limits: target.limits,
            retries: settings.retries,
            concurrency: ConcurrencyLimit(settings.concurrency),
            attemptLimit: settings.attemptLimit
        )
    }

    /// Runs until the source has ended and all is acknowledged, or `shouldStop` says so, asked between
    /// turns and while a stream's beginning is waited for. Once true it stays so.
    ///
    /// A stop waits for the calls under way; what waits is not committed, and is read again by the next
    /// run.
    @discardableResult
    public func run(until shouldStop: @escaping () -> Bool = { false }) throws -> ForwardProgress {
        self.shouldStop = shouldStop
        while try turn() {}
        return progress
    }

    private func turn() throws -> Bool {
        if drainEnd == nil, shouldStop() { drainEnd = clock.now + settings.drainTime }
        try takeAnswers(waiting: .zero)
        if drainEnd == nil { startCalls() }
        try commitFinished()
        report()
        if isDone { return false }
        if drainEnd != nil || sourceHasEnded {
            try takeAnswers(waiting: Self.longestWait)
        } else if hasRoom {
            try resumeIfPaused()
            try handle(try source.next())
        } else {
            try waitForRoom()
        }
        return true
    }

    /// How long a wait may keep a stop or a retry from being noticed.
    private static let longestWait: Duration = .milliseconds(100)

    private var isDone: Bool {
        if let drainEnd { return lanes.concurrency.inUse == 0 || clock.now >= drainEnd }
        return sourceHasEnded && lanes.isEmpty
    }

    private func report() {
        progress.callsUnderWay = lanes.concurrency.inUse
        progress.peakCalls = lanes.concurrency.peak
        progress.queuedBytes = lanes.queuedBytes
        progress.stall = lanes.stall
        onProgress(progress)
    }

    private func startCalls() {
        lanes.limits = target.limits
        // Where nothing more comes there is nothing to wait for.
        if sourceHasEnded || !hasRoom { lanes.limits.window = .zero }
        for call in lanes.start(at: clock.now, refusal: target.refusal) {
            if call.attempt > 1 { progress.retries += 1 }
            // A queue of its own is a thread of its own while it blocks.
            DispatchQueue(label: "forward").async { [target, undeliverable, mailbox, wake] in
                mailbox.post(call, call.perform(on: target, undeliverable))
                wake()
            }
        }
    }

    func takeAnswers(waiting limit: Duration) throws {
        for (call, answer) in mailbox.take(waiting: limit) {
            let stream = call.batch.stream
            let stallBefore = lanes.stall
            let finished = try lanes.ended(call, answer, at: clock.now, jitter: jitter())
            if let finished {
                ledger.finish(stream, upTo: finished)
                if call.isGivingUp {
                    progress.deadLetters += answer.finishedCount
                } else {
                    progress.forwarded += answer.finishedCount
                }
            }
            if let error = answer.error {
                // What is halved is no outage.
                guard FailureKind(error) != .poison else { continue }
                logger.warning("send_failed", "\(error)", ["try": .integer(Int64(call.attempt))])
            } else if stallBefore != nil, lanes.stall == nil {
                logger.info("target_recovered", "all records move again")
            }
        }
    }

    func commitFinished() throws {
        let offsets = ledger.commitable()
        guard !offsets.isEmpty, try source.commit(offsets) else { return }
        ledger.committed(offsets)
    }

    private func handle(_ event: SourceEvent) throws {
        switch event {
        case .batches(let batches):
            for batch in batches { take(batch) }
        case .assigned(let assignment):
            do {
                try begin(assignment)
            } catch is StoppedWaiting {
                // Nothing may be read of streams that have not begun: the turn to come drains.
                forget(Set(assignment.streams))
            }
        case .idle: break
        case .revoked(let streams): try giveUp(Set(streams))
        case .lost(let streams): forget(Set(streams))
        case .end: sourceHasEnded = true
        }
    }

    private func take(_ taken: RecordBatch) {
        var batch = taken
        progress.duplicates += ledger.take(&batch)
        guard let end = batch.records.last?.nextOffset else { return }
        let knownCount = batch.records.count
        batch.records.removeAll { !target.wants($0, of: taken) }
        progress.skipped += knownCount - batch.records.count
        if let finished = lanes.add(batch, upTo: end, at: clock.now, size: target.byteCount) {
            ledger.finish(batch.stream, upTo: finished)
        }
    }

    /// Once paused, half of the room must be free before more is read.
    private var hasRoom: Bool {
        lanes.queuedBytes < (isPaused ? settings.queueLimit / 2 : settings.queueLimit)
    }

    private func resumeIfPaused() throws {
        fullSince = nil
        guard isPaused else { return }
        isPaused = false
        try source.resume()
    }

    /// How long the source may go without a call before it is paused. A pause is not free: what was
    /// fetched ahead is fetched again.
    private static let pauseDelay: Duration = .seconds(1)

    private func waitForRoom() throws {
        let start = fullSince ?? clock.now
        fullSince = start
        if !isPaused, clock.now - start >= Self.pauseDelay {
            isPaused = true
            try source.pause()
        }
        if isPaused, source.needsPolling {
            try handle(try source.next())
        } else {
            try takeAnswers(waiting: Self.longestWait)
        }
    }
}
