import Telemetry

extension Pipeline {
    func saveCheckpointsIfDue() throws {
        guard let checkpoints else { return }
        if schedule.isDue(at: clock.now) { try saveCheckpoints(of: processors.keys) }
        if checkpoints.isShared { try refreshCheckpoints(in: checkpoints) }
    }

    /// Saves streams again that have not been saved for long: they are at rest, and still ours.
    private func refreshCheckpoints(in checkpoints: CheckpointStore) throws {
        let now = clock.now
        let due = lastSaves.filter { now - $0.value >= settings.checkpoints.refresh }.keys
        for stream in due.sorted(by: { $0.order < $1.order }) {
            lastSaves[stream] = now
            guard let offset = ledger.finished(stream) else { continue }
            if let processor = processors[stream], processor.format != nil {
                _ = try saveState(of: stream, processor, at: offset)
            } else {
                _ = try save(start(at: offset), of: stream, in: checkpoints)
            }
        }
    }

    /// Saves what the models of these streams have learnt since the last time. One that
    /// cannot be saved is tried again the next time: records wait in the log for as long.
    ///
    /// Called only while nothing is pending of these streams, so that the state and the offset belong
    /// together.
    func saveCheckpoints(of streams: some Sequence<RecordStream>) throws {
        guard checkpoints != nil else { return }
        schedule.saved(at: clock.now)
        for stream in streams.sorted(by: { $0.order < $1.order }) {
            guard let processor = processors[stream], let offset = ledger.finished(stream),
                offset != progress.checkpoints[stream]?.nextOffset
            else { continue }
            _ = try saveState(of: stream, processor, at: offset)
        }
    }

    /// - Returns: whether the state is safe; true also where there is none yet.
    private func saveState(
        of stream: RecordStream,
        _ processor: StreamProcessor,
        at offset: Int64
    ) throws -> Bool {
        guard let checkpoints, let snapshot = processor.snapshot() else { return true }
        guard try save(change(snapshot, at: offset), of: stream, in: checkpoints) else { return false }
        processor.saved(snapshot)
        return true
    }

    private func change(_ snapshot: ProcessorSnapshot, at offset: Int64) -> CheckpointChange {
        CheckpointChange(
            nextOffset: offset,
            savedAt: clock.wallMilliseconds,
            changed: snapshot.changed,
            removed: snapshot.removed,
            isWhole: snapshot.isWhole
        )
    }

    /// Settles the formats of streams that came to rest before there were enough records, and saves them before
    /// anything is scored: after a crash the same records might come in other pieces and settle otherwise.
    ///
    /// Nothing else will do meanwhile: a save that fails may have been made all the same, and what is settled then
    /// must be what that one says.
    ///
    /// - Throws: as `withRetries` does.
    func settleHeld() throws {
        for (stream, processor) in processors.sorted(by: { $0.key.order < $1.key.order })
        where processor.isUnsettled {
            try processor.settleEarly()
            guard let checkpoints, let offset = ledger.finished(stream), let snapshot = processor.snapshot()
            else { continue }
            let change = change(snapshot, at: offset)
            let byteCount = try withRetries("start_failed") { try checkpoints.save(change, of: stream) }
            note(change, of: stream, byteCount: byteCount)
            processor.saved(snapshot)
        }
    }

    /// Saves that a stream begins here, with models that know nothing. Nothing may be committed
    /// before: who went on from there would not know what the models had seen.
    func saveStart(of stream: RecordStream, at offset: Int64, in checkpoints: CheckpointStore) throws {
        let change = start(at: offset)
        let byteCount = try withRetries("start_failed") { try checkpoints.save(change, of: stream) }
        note(change, of: stream, byteCount: byteCount)
    }

    /// A stream's beginning, with models that know nothing.
    private func start(at offset: Int64) -> CheckpointChange {
        CheckpointChange(nextOffset: offset, savedAt: clock.wallMilliseconds, isWhole: true)
    }

    private func save(
        _ change: CheckpointChange,
        of stream: RecordStream,
        in checkpoints: CheckpointStore
    ) throws -> Bool {
        do {
            note(change, of: stream, byteCount: try checkpoints.save(change, of: stream))
            return true
        } catch let error as any ClassifiedError {
            progress.failedCheckpoints += 1
            logger.warning("checkpoint_failed", "\(error)", stream.logFields)
            return false
        }
    }

    private func note(_ change: CheckpointChange, of stream: RecordStream, byteCount: Int) {
        lastSaves[stream] = clock.now
        progress.checkpoints[stream] = CheckpointProgress(
            nextOffset: change.nextOffset,
            savedAt: clock.now,
            byteCount: byteCount
        )
    }
}
