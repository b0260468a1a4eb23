import Telemetry

extension Forwarder {
    /// Takes over streams, where the group has committed them.
    func begin(_ assignment: StreamAssignment) throws {
        let stallBefore = progress.stall
        defer { progress.stall = stallBefore }
        let retrying = Retrying(
            event: "start_failed",
            source: source,
            clock: clock,
            jitter: jitter,
            logger: logger,
            shouldStop: shouldStop,
            onFailure: { [unowned self] in progress.stall = $0 },
            onWait: { [unowned self] in onProgress(progress) }
        )
        let begun = try retrying { try source.begin(at: [:]) }
        for stream in assignment.streams {
            ledger.begin(stream, at: begun[stream], committed: assignment.committed[stream])
        }
    }

    /// Waits for the calls under way of streams that go to somebody else, commits, and forgets them.
    func giveUp(_ streams: Set<RecordStream>) throws {
        let end = clock.now + settings.drainTime
        while lanes.isSending(streams), clock.now < end {
            try takeAnswers(waiting: .milliseconds(100))
        }
        try commitFinished()
        forget(streams)
    }

    /// Drops everything of streams that are not ours any more.
    func forget(_ streams: Set<RecordStream>) {
        lanes.forget(streams)
        for stream in streams { ledger.forget(stream) }
    }
}
