import AnomalyDetection
import LogRecords

/// Carries the records of one stream's models from raw to scored: holds the first
/// ones until the format and features are settled, then scores batch by batch.
final class StreamProcessor {
    private var settings: PipelineSettings
    private(set) var detector: StreamDetector?
    private var held: [RecordBatch] = []
    /// What was settled on; nil before.
    var format: LineFormat? { detector?.format }
    /// Everything up to it is saved.
    var savedRevision: UInt64 = 0

    init(settings: PipelineSettings) {
        self.settings = settings
    }

    var entityCount: Int { detector?.entityCount ?? 0 }
    var droppedEntityCount: Int { detector?.droppedEntityCount ?? 0 }

    /// Scores a batch, with what was held before it, or holds it.
    func process(_ batch: RecordBatch) throws -> [BatchOutcome] {
        if let detector, held.isEmpty { return [try score(batch, with: detector)] }
        held.append(batch)
        let count = held.reduce(0) { $0 + $1.records.count }
        return count >= PipelineSettings.sampleCount ? try release() : []
    }

    /// Whether records wait for the format and features to be settled.
    var isUnsettled: Bool { detector == nil && !held.isEmpty }

    /// Scores what is held, however little.
    func release() throws -> [BatchOutcome] {
        guard !held.isEmpty else { return [] }
        let settled = try detector ?? settle()
        detector = settled
        defer { held = [] }
        return try held.map { try score($0, with: settled) }
    }

    /// Settles the format and features by the records held, and scores none yet: what follows from
    /// how few came in time can be saved before anything depends on it.
    func settleEarly() throws {
        if isUnsettled { detector = try settle() }
    }

    /// Goes on with a detector that learnt before.
    func adopt(_ detector: StreamDetector) {
        self.detector = detector
    }

    /// Scores the batches of a history for nothing but what the models learn.
    func warmUp(with history: any RecordSource) throws {
        reading: while true {
            switch try history.next() {
            case .batches(let batches): for batch in batches { _ = try process(batch) }
            case .end: break reading
            case .idle, .assigned, .revoked, .lost: continue
            }
        }
        _ = try release()
        detector?.forgetPrevious()
    }

    func setThreshold(_ policy: ThresholdPolicy) {
        settings.detector.threshold = policy
        detector?.setThreshold(policy)
    }

    private func settle() throws -> StreamDetector {
        var sample: [[UInt8]] = []
        // The first records, usable or not: how many more are held depends on the batches' cut.
        let first = held.lazy.flatMap { batch in batch.records.lazy.map { (batch, $0) } }
        for (batch, record) in first.prefix(PipelineSettings.sampleCount) {
            if let value = record.value, record.defect == nil { sample.append(batch.copy(value)) }
        }
        let format = settings.format ?? .log(LogFormat.detect(lines: sample))
        let decoder = try LineDecoder(format, referenceYear: settings.referenceYear)
        let features =
            settings.features
            ?? FeaturePlan.standardFeatures(for: format, lines: sample, decoder: decoder)
        return StreamDetector(
            decoder: decoder,
            plan: FeaturePlan(features: features, entityField: settings.entityField),
            settings: settings.stream,
            threads: settings.threads
        )
    }

    private func score(_ batch: RecordBatch, with detector: StreamDetector) throws -> BatchOutcome {
        let lines = lines(of: batch)
        return try batch.bytes.withUnsafeBufferPointer { bytes in
            switch settings.scoring {
            case .forests: outcome(of: batch, try detector.process(bytes, lines: lines))
            case .external: BatchOutcome(of: batch, unscored: try detector.read(bytes, lines: lines))
            }
        }
    }

    /// What there is to read of each record.
    func lines(of batch: RecordBatch) -> [Range<Int>] {
        batch.records.map { $0.defect == nil ? $0.value ?? 0..<0 : 0..<0 }
    }

    /// The outcome of a batch whose rows have all been scored outside. Batches are judged in their order.
    func judged(_ outcome: BatchOutcome) -> BatchOutcome {
        guard let unscored = outcome.unscored else { return outcome }
        return self.outcome(of: outcome.batch, StreamDetector.judge(unscored))
    }

    func outcome(of batch: RecordBatch, _ outcomes: [LineOutcome]) -> BatchOutcome {
        var result = BatchOutcome(of: batch)
        for index in outcomes.indices {
            add(batch.records[index], outcomes[index], of: batch, to: &result)
        }
        return result
    }

    private func add(
        _ record: RecordBatch.Record,
        _ outcome: LineOutcome,
        of batch: RecordBatch,
        to result: inout BatchOutcome
    ) {
        result.nextOffset = record.nextOffset
        result.counts.read += 1
        if let defect = record.defect {
            return result.reject(record, reason: defect)
        }
        switch outcome.kind {
        case .skipped: result.counts.skipped += 1
        case .failed(let reason): result.reject(record, reason: reason)
        case .learnt: result.counts.learnt += 1
        case .scored(let verdict):
            result.counts.scored += 1
            if verdict.isEarly { result.counts.early += 1 }
            if verdict.isAnomalous { result.counts.anomalous += 1 }
            guard verdict.isAnomalous || verdict.score >= settings.reportedScore else { return }
            result.records.append(scoredRecord(record, verdict, outcome.timestamp, batch))
        }
    }

    private func scoredRecord(
        _ record: RecordBatch.Record,
        _ verdict: Verdict,
        _ timestamp: Int64?,
        _ batch: RecordBatch
    ) -> ScoredRecord {
        let line = settings.lineLimit > 0 ? record.value : nil
        let brokerTime = record.timestampMilliseconds
        return ScoredRecord(
            identity: RecordIdentity(
                stream: batch.stream,
                offset: record.offset,
                timestampMilliseconds: brokerTime
            ),
            time: timestamp ?? (brokerTime > 0 ? brokerTime * 1_000_000 : nil),
            verdict: verdict,
            line: line.map { String(decoding: batch.bytes[$0.prefix(settings.lineLimit)], as: UTF8.self) },
            isLineTruncated: (line?.count ?? 0) > settings.lineLimit
        )
    }
}
