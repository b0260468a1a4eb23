import Telemetry

extension Pipeline {
    /// Takes over streams: with their checkpoints, where there are any that fit.
    func begin(_ assignment: StreamAssignment) throws {
        let found = try load(assignment)
        var starts: [RecordStream: Int64] = [:]
        var unusable: Set<RecordStream> = []
        for (stream, checkpoint) in found {
            do {
                // One of a stream at its start has no models: they are made with its first record.
                if !checkpoint.sections.isEmpty {
                    processors[stream] = try StreamProcessor(settings: settings, checkpoint: checkpoint)
                }
                starts[stream] = checkpoint.nextOffset
            } catch {
                // Its models are no use to these settings: the stream is learnt anew.
                logger.warning("checkpoint_unusable", "\(error)", stream.logFields)
                unusable.insert(stream)
            }
        }
        let begun = try withRetries("start_failed") { try source.begin(at: starts) }
        for stream in assignment.streams {
            let committed = assignment.committed[stream]
            let start = begun[stream] ?? starts[stream]
            ledger.begin(stream, at: start, committed: committed)
            guard let checkpoints else { continue }
            lastSaves[stream] = clock.now
            if !unusable.contains(stream) {
                report(stream, expected: starts[stream], start: start, committed: committed)
            }
            // So that a run cut off before its first checkpoint learns from the same record.
            if starts[stream] == nil, let start { try saveStart(of: stream, at: start, in: checkpoints) }
        }
    }

    private func load(_ assignment: StreamAssignment) throws -> [RecordStream: Checkpoint] {
        guard let checkpoints else { return [:] }
        return try withRetries("checkpoint_load_failed") {
            try checkpoints.load(assignment.streams, generation: assignment.generation) { stream, reason in
                logger.warning("checkpoint_ignored", reason, stream.logFields)
            }
        }
    }

    private func report(_ stream: RecordStream, expected: Int64?, start: Int64?, committed: Int64?) {
        let fields = stream.logFields
        if expected == nil, committed != nil {
            logger.warning(
                "checkpoint_missing",
                "another instance has committed this partition and left no checkpoint here: its models begin anew; "
                    + "several instances need checkpoints in a topic",
                fields
            )
        } else if let expected, let start, start != expected {
            logger.warning(
                "offset_gone",
                "the checkpoint expects offset \(expected) next, which is not there: going on at \(start)",
                fields
            )
        } else if expected != nil {
            logger.info("checkpoint_loaded", "going on with the models of a checkpoint", fields)
        }
    }

    /// Finishes streams that go to somebody else, as far as the sinks allow, and
    /// forgets them.
    func giveUp(_ streams: Set<RecordStream>) throws {
        if pending != nil { try tryPending() }
        try commitFinished()
        let unfinished = pending?.streams ?? []
        try saveCheckpoints(of: streams.subtracting(unfinished))
        forget(streams)
    }

    /// Tries for ever what streams need to begin; nothing moves meanwhile.
    ///
    /// - Throws: what is not transient; `StoppedWaiting`.
    func withRetries<Value>(_ event: String, _ call: () throws -> Value) throws -> Value {
        let stallBefore = progress.stall
        defer { progress.stall = stallBefore }
        let retrying = Retrying(
            event: event,
            source: source,
            clock: clock,
            jitter: jitter,
            logger: logger,
            shouldStop: shouldStop,
            onFailure: { [unowned self] stall in
                progress.retries += 1
                progress.stall = stall
            },
            onWait: { [unowned self] in onProgress(progress) }
        )
        return try retrying(call)
    }
}

extension RecordStream {
    var logFields: KeyValuePairs<String, LogValue> {
        ["topic": .string(name), "partition": .integer(Int64(partition))]
    }
}
