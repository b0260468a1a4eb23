public import DetectionPipeline
public import Telemetry

/// Turns what a pipeline does into metrics and health. Used on the pipeline's thread.
public final class PipelineMonitor {
    public let metrics: ServiceMetrics
    public let health: ServiceHealth
    private let now: () -> Int64
    private var delays = DeliveryDelays()
    private var last = PipelineProgress()
    private var lastForwarded = ForwardProgress()
    private var batchStart: ContinuousClock.Instant?

    /// - Parameter millisecondsNow: the time in milliseconds since 1970.
    public init(
        metrics: ServiceMetrics,
        health: ServiceHealth,
        millisecondsNow: @escaping () -> Int64 = { wallClockMilliseconds() }
    ) {
        self.metrics = metrics
        self.health = health
        now = millisecondsNow
    }

    /// A turn of the pipeline ended: it is about to wait for the source.
    func willWait() {
        if let batchStart { metrics.batchDuration.observe(batchStart.duration(to: .now)) }
        batchStart = nil
        health.madeProgress()
    }

    func received(_ event: SourceEvent) {
        health.madeProgress()
        switch event {
        case .batches(let batches):
            batchStart = .now
            for batch in batches {
                metrics.received.increment(by: batch.records.count)
                delays.received(batch)
            }
        case .revoked(let streams), .lost(let streams):
            for stream in streams { delays.forget(stream) }
        case .assigned, .idle, .end: break
        }
    }

    /// Everything below these offsets is stored.
    func finished(_ offsets: [RecordStream: Int64]) {
        let now = now()
        for (stream, offset) in offsets {
            for (age, count) in delays.finished(below: offset, of: stream, at: now) {
                metrics.endToEndDelay.observe(age, count: count)
            }
        }
    }

    /// Takes over the pipeline's own counts; to be its `onProgress`.
    public func update(_ progress: PipelineProgress) {
        let (new, counts) = (progress.counts, last.counts)
        metrics.parsed.increment(by: new.learnt + new.scored - counts.learnt - counts.scored)
        metrics.failed.increment(by: new.failed - counts.failed)
        metrics.skipped.increment(by: new.skipped - counts.skipped)
        metrics.scored.increment(by: new.scored - counts.scored)
        metrics.anomalies.increment(by: new.anomalous - counts.anomalous)
        metrics.duplicates.increment(by: progress.duplicates - last.duplicates)
        metrics.refused.increment(by: progress.refused - last.refused)
        metrics.retries.increment(by: progress.retries - last.retries)
        metrics.checkpointFailures.increment(by: progress.failedCheckpoints - last.failedCheckpoints)
        metrics.models.set(to: progress.modelCount)
        // Fewer than before: a partition went away with its models.
        metrics.modelsDropped.increment(by: progress.droppedModelCount - last.droppedModelCount)
        metrics.setCheckpoints(progress.checkpoints.values)
        health.madeProgress()
        show(progress.stall)
        last = progress
    }

    /// The same of a forwarder's counts.
    public func update(_ progress: ForwardProgress) {
        metrics.forwarded.increment(by: progress.forwarded - lastForwarded.forwarded)
        metrics.duplicates.increment(by: progress.duplicates - lastForwarded.duplicates)
        metrics.refused.increment(by: progress.deadLetters - lastForwarded.deadLetters)
        metrics.retries.increment(by: progress.retries - lastForwarded.retries)
        health.madeProgress()
        show(progress.stall)
        lastForwarded = progress
    }

    private func show(_ stall: PipelineStall?) {
        if let stall {
            health.raise(.paused, stall.reason)
        } else {
            health.clear(.paused)
        }
    }
}
