import AnomalyDetection

/// Moves records from a source through the models into the sinks, and commits
/// what is finished: scored, its anomalies stored, its failures in the dead letters.
///
/// Runs on the thread that calls it. An error of a sink or the source ends the run
/// before anything past it is committed, so the records are read again.
public final class Pipeline {
    private let source: any RecordSource
    private let sinks: [any ScoredRecordSink]
    private let deadLetters: (any DeadLetterSink)?
    private let settings: PipelineSettings
    private let releasesWhenIdle: Bool
    private let history: (() throws -> any RecordSource)?
    private let onProgress: (PipelineProgress) -> Void
    private var processors: [RecordStream: StreamProcessor] = [:]
    private var progress = PipelineProgress()

    /// - Parameters:
    ///   - sinks: each gets all scored records, in this order.
    ///   - deadLetters: nil drops what cannot be scored after counting it.
    ///   - releasesWhenIdle: whether records held to find a format are scored as
    ///     soon as the source is idle. A file or a pipe waits for more instead, so
    ///     that its pace does not change the result.
    ///   - history: opens earlier records, which the models of every stream learn
    ///     before the stream's own first record.
    ///   - onProgress: called after each event of the source, for progress and metrics.
    public init(
        source: any RecordSource,
        sinks: [any ScoredRecordSink],
        deadLetters: (any DeadLetterSink)?,
        settings: PipelineSettings,
        releasesWhenIdle: Bool = false,
        history: (() throws -> any RecordSource)? = nil,
        onProgress: @escaping (PipelineProgress) -> Void = { _ in }
    ) {
        self.source = source
        self.sinks = sinks
        self.deadLetters = deadLetters
        self.settings = settings
        self.releasesWhenIdle = releasesWhenIdle
        self.history = history
        self.onProgress = onProgress
    }

    /// Runs until the source ends or `shouldStop` says so, asked between batches.
    @discardableResult
    public func run(until shouldStop: () -> Bool = { false }) throws -> PipelineProgress {
        while !shouldStop() {
            switch try source.next() {
            case .batches(let batches):
                try finish(try batches.flatMap { try processor(of: $0.modelStream).process($0) })
            case .idle:
                if releasesWhenIdle { try finish(try release()) }
            case .revoked(let streams):
                for stream in streams { processors[stream] = nil }
            case .end:
                try finish(try release())
                onProgress(progress)
                return progress
            }
            onProgress(progress)
        }
        return progress
    }

    private func processor(of stream: RecordStream) throws -> StreamProcessor {
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

    private func finish(_ outcomes: [BatchOutcome]) throws {
        let records = outcomes.flatMap(\.records)
        let letters = outcomes.flatMap(\.deadLetters)
        if !records.isEmpty {
            for sink in sinks { try sink.store(records) }
        }
        if !letters.isEmpty { try deadLetters?.store(letters) }
        var offsets: [RecordStream: Int64] = [:]
        for outcome in outcomes {
            progress.counts += outcome.counts
            offsets[outcome.stream] = outcome.nextOffset
        }
        if !offsets.isEmpty { try source.commit(offsets) }
        progress.update(from: processors)
    }
}

/// How far a pipeline has come.
public struct PipelineProgress: Sendable {
    public var counts = RecordCounts()
    /// Models in memory, and models dropped for want of room.
    public var modelCount = 0
    public var droppedModelCount = 0
    /// The format of each stream by name and partition, once it is settled.
    public var formats: [RecordStream: String] = [:]

    mutating func update(from processors: [RecordStream: StreamProcessor]) {
        modelCount = 0
        droppedModelCount = 0
        for (stream, processor) in processors {
            modelCount += processor.entityCount
            droppedModelCount += processor.droppedEntityCount
            if formats[stream] == nil { formats[stream] = processor.format?.name }
        }
    }
}

extension RecordStream {
    /// A total order, for output that must not depend on hashing.
    var order: (String, String, Int32) { (origin, name, partition) }
}
