import AnomalyDetection

/// The models of one stream, for a host that is handed its batches one by one and holds none back, as a function does.
///
/// Records of the first batch settle format and features where these are not configured, however few they are.
public final class StreamModels {
    private let processor: StreamProcessor
    private let settings: PipelineSettings

    /// Models that know nothing.
    ///
    /// - Parameter scorerName: of the model outside that gives the scores; nil for a forest for each entity.
    public init(_ settings: PipelineSettings, scorerName: String? = nil) {
        var settings = settings
        settings.scoring = scorerName.map { .external($0) } ?? .forests
        self.settings = settings
        processor = StreamProcessor(settings: settings)
    }

    /// Models that go on from `state`.
    ///
    /// - Throws: where it is damaged, or belongs to other settings.
    public convenience init(
        _ settings: PipelineSettings,
        scorerName: String? = nil,
        state: [UInt8]
    ) throws {
        self.init(settings, scorerName: scorerName)
        processor.adopt(
            try StreamDetector.restored(
                from: state,
                settings: self.settings.stream,
                threads: settings.threads
            )
        )
    }

    /// What ``init(_:scorerName:state:)`` takes; nil before the first batch. O(size of all models)
    public var state: [UInt8]? { processor.detector?.encodedState() }

    /// Scores the records, then learns them.
    ///
    /// - Parameters:
    ///   - identities: the record with offset n is the n-th of these; nil where the offsets are the records' own.
    ///   - scorer: the model outside, if one gives the scores.
    /// - Throws: where the scorer fails. The models are then to be given up: they may have seen records that have no
    ///   score.
    public func learn(
        _ batch: RecordBatch,
        identities: [RecordIdentity]? = nil,
        scorer: (any RowScorer)? = nil
    ) throws -> ScoredBatch {
        let outcomes = try processor.process(batch) + processor.release()
        return ScoredBatch(try outcomes.map { try judged($0, by: scorer) }, of: batch, identities)
    }

    /// Scores the records and learns nothing; with a scorer outside, what is expected of the values is learnt still.
    ///
    /// Parameters and errors are those of ``learn(_:identities:scorer:)``.
    public func score(
        _ batch: RecordBatch,
        identities: [RecordIdentity]? = nil,
        scorer: (any RowScorer)? = nil
    ) throws -> ScoredBatch {
        guard scorer == nil else { return try learn(batch, identities: identities, scorer: scorer) }
        return ScoredBatch([processor.scored(batch)], of: batch, identities)
    }

    private func judged(_ outcome: BatchOutcome, by scorer: (any RowScorer)?) throws -> BatchOutcome {
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
