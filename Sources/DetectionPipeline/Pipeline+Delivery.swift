import Retries
import Telemetry

extension Pipeline {
    /// Has outcomes scored where that is left to do, hands them to the sinks, then commits; or keeps them for a later try.
    func deliver(_ outcomes: [BatchOutcome]) throws {
        guard !outcomes.isEmpty else { return }
        pending = Delivery(outcomes)
        try tryPending()
    }

    func retryIfDue() throws {
        guard let nextTry, clock.now >= nextTry else { return }
        progress.retries += 1
        try tryPending()
    }

    /// One try of the pending delivery.
    func tryPending() throws {
        guard var delivery = pending else { return }
        let wasHeldUp = nextTry != nil
        let callsSomebody = callsSomebody(delivery)
        do {
            defer { pending = delivery }
            try score(&delivery)
            try store(&delivery)
        } catch  where FailureKind(error) == .transient {
            return try holdBack(error)
        }
        pending = nil
        finish(delivery)
        if callsSomebody {
            budget.earn()
            if wasHeldUp {
                let tries = Int64(retries.failureCount)
                logger.info("sink_recovered", "storing again", ["tries": .integer(tries)])
            }
        }
        retries.succeeded()
        guard wasHeldUp else { return }
        nextTry = nil
        progress.stall = nil
        try source.resume()
    }

    /// Goes on at once where everything that a sink held up went away with its streams. Whether the sink takes
    /// again shows with the next delivery.
    func goOnIfDropped() throws {
        guard nextTry != nil, let delivery = pending, !callsSomebody(delivery) else { return }
        try tryPending()
    }

    /// Whether a try of the delivery asks anything of a sink, or of a model outside.
    private func callsSomebody(_ delivery: Delivery) -> Bool {
        if transaction != nil { return !delivery.outcomes.isEmpty }
        return delivery.isUnscored || !delivery.records.isEmpty || !delivery.deadLetters.isEmpty
    }

    private func store(_ delivery: inout Delivery) throws {
        while delivery.sinksDone < sinks.count {
            try store(&delivery, in: sinks[delivery.sinksDone])
            delivery.sinksDone += 1
        }
        if !delivery.lettersDone {
            let letters = delivery.deadLetters
            if !letters.isEmpty { try deadLetters?.store(letters) }
            delivery.lettersDone = true
        }
        var finished = ledger
        for outcome in delivery.outcomes {
            if let offset = outcome.nextOffset { finished.finish(outcome.stream, upTo: offset) }
        }
        if let transaction {
            let offsets = finished.commitable()
            try store(&delivery, committing: offsets, in: transaction)
            finished.committed(offsets)
        }
        ledger = finished
        try commitFinished()
    }

    /// Commits what is finished and not yet committed.
    func commitFinished() throws {
        let offsets = ledger.commitable()
        guard transaction == nil, !offsets.isEmpty, try source.commit(offsets) else { return }
        ledger.committed(offsets)
    }

    private func store(_ delivery: inout Delivery, in sink: any ScoredRecordSink) throws {
        let records = delivery.records.filter { sink.isIdempotent || !isCommitted($0) }
        guard !records.isEmpty else { return }
        let attempt = retries.failureCount + 1
        var refused: [DeadLetter] = []
        try bisect(records[...]) { records in
            try sink.store(Array(records))
        } poisoned: { [delivery] record, error in
            let reason = "\(sink.name): \(error)"
            if let letter = delivery.letter(for: record, reason: reason, attempt: attempt) {
                refused.append(letter)
            }
        }
        delivery.rejected += refused
        progress.refused += refused.count
    }

    private func store(
        _ delivery: inout Delivery,
        committing offsets: [RecordStream: Int64],
        in transaction: any TransactionalSink
    ) throws {
        func fresh() -> [ScoredRecord] {
            delivery.records.filter { !isCommitted($0) && !delivery.leftOut.contains($0.identity) }
        }
        let records = fresh()
        guard !records.isEmpty || !offsets.isEmpty else { return }
        do {
            try transaction.store(records, committing: offsets)
        } catch  where FailureKind(error) == .poison {
            let attempt = retries.failureCount + 1
            try bisect(records[...]) { records in
                try transaction.probe(Array(records))
            } poisoned: { record, error in
                let reason = "transaction: \(error)"
                if let letter = delivery.letter(for: record, reason: reason, attempt: attempt) {
                    try deadLetters?.store([letter])
                    delivery.rejected.append(letter)
                }
                progress.refused += 1
                delivery.leftOut.insert(record.identity)
            }
            try transaction.store(fresh(), committing: offsets)
        }
    }

    private func isCommitted(_ record: ScoredRecord) -> Bool {
        ledger.isCommitted(record.identity.stream, record.identity.offset)
    }

    private func finish(_ delivery: Delivery) {
        for outcome in delivery.outcomes {
            progress.counts += outcome.counts
            schedule.finished(outcome.counts.read)
        }
        progress.deadLetters += delivery.deadLetters.count
    }

    /// Pauses the source and sets the time of the next try.
    private func holdBack(_ error: any Error) throws {
        let now = clock.now
        let isFirst = nextTry == nil
        // Without budget the longest delay: what is down is not helped by more calls.
        let chance = budget.spend() ? jitter() : 1
        guard let next = retries.failed(at: now, jitter: chance) else { throw error }
        nextTry = next
        progress.stall = PipelineStall(reason: "\(error)", since: progress.stall?.since ?? now)
        logger.warning(
            "sink_failed",
            "\(error)",
            ["try": .integer(Int64(retries.failureCount)), "next_in_s": LogValue(seconds: next - now)]
        )
        if isFirst { try source.pause() }
    }
}
