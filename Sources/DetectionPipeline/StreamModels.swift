import AnomalyDetection

/// The models of one stream, for a host that is handed its batches one by one and holds none back, as a function does.
///
/// Records of the first batch settle format and features where these are not configured, however few they are.
public final class StreamModels {
    private let processor: StreamProcessor
    private let scorer: (any RowScorer)?
    private let settings: PipelineSettings

    /// Models that know nothing.
    ///
    /// - Parameter scorer: a model outside that gives the scores; nil for a forest for each entity.
    public init(_ settings: PipelineSettings, scorer: (any RowScorer)? = nil) {
        var settings = settings
        settings.scoring = scorer.map { .external($0.name) } ?? .forests
        self.settings = settings
        self.scorer = scorer
        processor = StreamProcessor(settings: settings)
    }

    /// Models that go on from `state`.
    ///
    /// - Throws: where it is damaged, or belongs to other settings.
    public convenience init(
        _ settings: PipelineSettings,
        scorer: (any RowScorer)? = nil,
        state: [UInt8]
    ) throws {
        self.init(settings, scorer: scorer)
        processor.adopt(
            try StreamDetector.restored(
                from: state,
                settings: self.settings.stream,
                threads: settings.threads
            )
        )
    }

    /// What ``init(_:scorer:state:)`` takes; nil before the first batch. O(size of all models)
    public var state: [UInt8]? { processor.detector?.encodedState() }

    /// Scores the records, then learns them.
    ///
    /// - Parameter identities: the record with offset n is the n-th of these; nil where the offsets are the records' own.
    /// - Throws: where the scorer fails. The models are then to be given up: they may have seen records that have no
    ///   score.
    public func learn(_ batch: RecordBatch, identities: [RecordIdentity]? = nil) throws -> ScoredBatch {
        let outcomes = try processor.process(batch) + processor.release()
        return ScoredBatch(try outcomes.map { try judged($0) }, of: batch, identities)
    }

    /// Scores the records and learns nothing; with a scorer outside, what is expected of the values is learnt still.
    ///
    /// - Parameter identities: as in ``learn(_:identities:)``.
    public func score(_ batch: RecordBatch, identities: [RecordIdentity]? = nil) throws -> ScoredBatch {
        guard scorer == nil else { return try learn(batch, identities: identities) }
        return ScoredBatch([processor.scored(batch)], of: batch, identities)
    }

    private func judged(_ outcome: BatchOutcome) throws -> BatchOutcome {
        guard let scorer, let unscored = outcome.unscored else { return outcome }
        var outcome = outcome
        let calls = unscored.calls(of: 0, for: scorer)
        for (call, result) in zip(calls, perform(calls, with: scorer)) {
            if let error = result?.error { throw error }
            if let result { outcome.unscored?.take(result, of: call) }
        }
        return processor.judged(outcome)
    }
}

extension StreamProcessor {
    /// Scores a batch and learns nothing; without models all is skipped.
    func scored(_ batch: RecordBatch) -> BatchOutcome {
        let lines = lines(of: batch)
        let outcomes = batch.bytes.withUnsafeBufferPointer { bytes in
            detector?.score(bytes, lines: lines) ?? batch.records.map { _ in .skipped }
        }
        return outcome(of: batch, outcomes)
    }
}
