public import DetectionPipeline
public import LambdaRuntime
public import Telemetry

/// Scores the records of an event: event, models, sinks, checkpoint, answer, in this order. So what was cut off anywhere
/// is done again from the last checkpoint, to the same bits, and no record is lost.
public final class LambdaFunction: LambdaHandler {
    let settings: FunctionSettings
    let keeper: ModelKeeper
    let logger: Logger
    private let scorer: (any RowScorer)?
    private let sinks: [any ScoredRecordSink]
    private let deadLetters: any DeadLetterSink
    private let objects: (any ObjectReader)?
    private let now: () -> Int64
    private let limitCalls: (Duration?) -> Void
    private let stop: (StopPoint) throws -> Void

    /// Records that are scored between two looks at the clock.
    static let chunkSize = 1_000
    /// How often a batch is begun again that lost a race for its checkpoint.
    static let raceAttempts = 3

    /// - Parameters:
    ///   - scorer: a model outside; nil for forests in the process.
    ///   - sinks: each gets every scored record, in this order.
    ///   - storage: of the checkpoints; nil keeps the models in this environment's memory only.
    ///   - objects: reads what events of S3 name; nil refuses these.
    ///   - warm: the models in memory; loops of one environment share them.
    ///   - limitCalls: told at each event how much time the calls of scorer, sinks and storage have; nil for no limit.
    ///   - now: milliseconds since 1970.
    ///   - stop: called behind each step.
    public init(
        _ settings: FunctionSettings,
        scorer: (any RowScorer)? = nil,
        sinks: [any ScoredRecordSink],
        deadLetters: any DeadLetterSink,
        storage: (any VersionedStorage)?,
        objects: (any ObjectReader)? = nil,
        warm: WarmModelPool = WarmModelPool(),
        logger: Logger,
        limitCalls: @escaping (Duration?) -> Void = { _ in },
        now: @escaping () -> Int64 = { wallClockMilliseconds() },
        stop: @escaping (StopPoint) throws -> Void = { _ in }
    ) {
        self.settings = settings
        self.scorer = scorer
        self.limitCalls = limitCalls
        self.sinks = sinks
        self.deadLetters = deadLetters
        self.objects = objects
        self.logger = logger
        self.now = now
        self.stop = stop
        keeper = ModelKeeper(
            settings,
            warm: warm,
            scorerName: scorer?.name,
            storage: storage,
            logger: logger
        )
    }

    public func handle(_ invocation: Invocation) throws -> [UInt8] {
        let event: LambdaEvent
        do {
            event = try LambdaEvent(invocation.event)
        } catch {
            throw FunctionError(type: error.code.rawValue, message: error.message)
        }
        let isUnlimited = invocation.deadlineMilliseconds == .max
        // The other half of the margin is for the answer.
        limitCalls(isUnlimited ? nil : invocation.remaining(at: now()) - settings.deadlineMargin / 2)
        try stop(.parse)
        let response = try answer(event, invocation)
        try stop(.response)
        return response
    }

    private func answer(_ event: LambdaEvent, _ invocation: Invocation) throws -> [UInt8] {
        switch event {
        case .kafka(let event): try answer(event.batches(), invocation)
        case .kinesis(let event): try answer(event.batches(), invocation)
        case .sqs(let event): try answer(event.batches(), invocation)
        case .cloudWatchLogs(let event):
            try answer(event.batches(requestID: invocation.requestID), invocation)
        case .s3(let event): try answer(event, invocation)
        case .direct(let event): try answer(event, invocation)
        }
    }

    /// Every batch, whatever became of the others: they are of different streams.
    private func answer(_ batches: [FunctionBatch], _ invocation: Invocation) throws -> [UInt8] {
        var failures: [BatchResponse.Item] = []
        var firstError: FunctionError?
        for batch in batches {
            let rest = process(batch, invocation)
            failures += batch.failures(fromRecord: rest.firstRecord)
            if let error = rest.error { firstError = firstError ?? error }
        }
        guard let firstError else { return BatchResponse().json }
        guard settings.reportsPartialBatches, !failures.isEmpty else { throw firstError }
        logger.error(
            "batch_failed_partly",
            firstError.message,
            ["failures": LogValue(failures.count), "request_id": .string(invocation.requestID)]
        )
        return BatchResponse(failures: failures).json
    }

    /// What of a batch is left to be done, and why.
    private struct Rest {
        /// The batch's count where nothing is left.
        var firstRecord: Int
        var error: FunctionError?
    }

    private func process(_ batch: FunctionBatch, _ invocation: Invocation) -> Rest {
        do {
            let done = try processed(batch, invocation)
            guard done < batch.batch.records.count else { return Rest(firstRecord: done) }
            return Rest(firstRecord: done, error: Self.outOfTime(done, of: batch))
        } catch {
            let failure =
                error as? FunctionError ?? FunctionError(type: "Function.Failed", message: "\(error)")
            return Rest(firstRecord: 0, error: failure)
        }
    }

    fileprivate static func outOfTime(_ done: Int, of batch: FunctionBatch) -> FunctionError {
        FunctionError(
            type: "Function.Deadline",
            message:
                "\(done) of \(batch.batch.records.count) records of \(batch.batch.stream.name) are done; "
                + "there is no time left for the rest"
        )
    }

    /// - Returns: how many records, from the first on, need not come again.
    private func processed(_ batch: FunctionBatch, _ invocation: Invocation) throws -> Int {
        guard case .stream(let key, let positions) = batch.order else {
            return try processUnordered(batch, invocation).done
        }
        return try owning(key) { try processStream(batch, key, positions, invocation) }
    }

    /// Keeps other loops from the models of a key; after a failure they are given up.
    private func owning<Result>(_ key: String, _ body: () throws -> Result) throws -> Result {
        try keeper.exclusively(key) {
            do {
                return try body()
            } catch {
                keeper.giveUp(key)
                throw error
            }
        }
    }

    /// For who owns the key.
    private func processStream(
        _ batch: FunctionBatch,
        _ key: String,
        _ positions: BatchPositions,
        _ invocation: Invocation
    ) throws -> Int {
        for _ in 0..<Self.raceAttempts {
            let (models, seenCount) = try keeper.models(for: key, positions, now: now())
            let start = batch.firstRecord(afterSeen: seenCount)
            if seenCount > 0 {
                logger.info(
                    "duplicates_left_out",
                    "\(seenCount) records were seen before",
                    ["key": .string(key)]
                )
            }
            let end = try score(batch, from: start, invocation) {
                try models.learn($0, identities: batch.identities, scorer: scorer)
            }
            guard end > start else { return end }
            if try keeper.save(key, at: positions.position(behind: batch.position(ofRecord: end - 1))) {
                try stop(.checkpoint)
                return end
            }
        }
        throw FunctionError(
            type: "Checkpoint.Race",
            message: "other environments have saved \(key) \(Self.raceAttempts) times meanwhile"
        )
    }

    /// Scores and delivers in parts, as long as there is time.
    ///
    /// - Returns: the record behind the last one that is done.
    private func score(
        _ batch: FunctionBatch,
        from start: Int,
        _ invocation: Invocation,
        with models: (RecordBatch) throws -> ScoredBatch
    ) throws -> Int {
        var next = start
        while next < batch.batch.records.count, invocation.remaining(at: now()) > settings.deadlineMargin {
            let end = batch.partEnd(next + Self.chunkSize)
            var scored = try models(batch.part(next..<end))
            try stop(.score)
            try scored.deliver(to: sinks, deadLetters: deadLetters) { try stop(.sink($0.name)) }
            next = end
        }
        return next
    }
}

extension LambdaFunction {
    /// Records without an order: with trained models, which stay as they are, or learnt into models of one name.
    private func processUnordered(
        _ batch: FunctionBatch,
        _ invocation: Invocation
    ) throws -> (done: Int, scored: [ScoredBatch]) {
        let name = settings.modelName
        if settings.learnsUnordered { return try owning(name) { try learnUnordered(batch, invocation) } }
        var all: [ScoredBatch] = []
        let end = try score(batch, from: 0, invocation) { part in
            let scored = try owning(name) {
                try trainedModels().score(part, identities: batch.identities, scorer: scorer)
            }
            all.append(scored)
            return scored
        }
        return (end, all)
    }

    /// For who owns the model.
    private func learnUnordered(
        _ batch: FunctionBatch,
        _ invocation: Invocation
    ) throws -> (done: Int, scored: [ScoredBatch]) {
        var all: [ScoredBatch] = []
        for attempt in 0..<Self.raceAttempts {
            all = []
            let models =
                try keeper.namedModels(settings.modelName, isLatest: attempt > 0, now: now())
                ?? keeper.makeModels(settings.modelName, now: now())
            let end = try score(batch, from: 0, invocation) {
                let scored = try models.learn($0, identities: batch.identities, scorer: scorer)
                all.append(scored)
                return scored
            }
            guard end > 0 else { return (0, []) }
            if try keeper.save(settings.modelName, at: .unordered) {
                try stop(.checkpoint)
                return (end, all)
            }
        }
        throw FunctionError(
            type: "Checkpoint.Race",
            message:
                "other environments have saved \(settings.modelName) \(Self.raceAttempts) times meanwhile"
        )
    }

    private func trainedModels() throws -> StreamModels {
        if let models = try keeper.namedModels(settings.modelName, isLatest: false, now: now()) {
            return models
        }
        if scorer != nil { return keeper.makeModels(settings.modelName, now: now()) }
        throw FunctionError(
            type: "Model.Missing",
            message: "there is no trained model '\(settings.modelName)' to score records without an order: "
                + "let one be learnt, or score by an endpoint"
        )
    }

    /// One after the other: each is streamed.
    private func answer(_ event: S3Event, _ invocation: Invocation) throws -> [UInt8] {
        guard let objects else {
            throw FunctionError(
                type: "Event.Unsupported",
                message: "events of S3 cannot be read without its client"
            )
        }
        for object in event.objects where object.isCreated {
            try S3Lines(object: object, reader: objects).read { batch in
                let done = try processUnordered(batch, invocation).done
                if done < batch.batch.records.count { throw Self.outOfTime(done, of: batch) }
            }
        }
        return BatchResponse().json
    }

    private func answer(_ event: DirectEvent, _ invocation: Invocation) throws -> [UInt8] {
        guard !event.records.isEmpty else {
            throw FunctionError(type: "Event.Empty", message: "'records' holds no record")
        }
        let batch = event.batch(requestID: invocation.requestID)
        let result = try processUnordered(batch, invocation)
        guard result.done == event.records.count else { throw Self.outOfTime(result.done, of: batch) }
        let answer = DirectAnswer(result.scored, recordCount: event.records.count)
        guard answer.highest != nil else {
            let reason = result.scored.flatMap(\.deadLetters).first?.reason
            throw FunctionError(
                type: "Record.Unscored",
                message: "no record has a score: "
                    + (reason ?? "the model has not learnt enough, or they hold nothing")
            )
        }
        return answer.json
    }
}
