import Telemetry

extension Forwarder {
    /// Takes over streams, where the group has committed them.
    func begin(_ assignment: StreamAssignment) throws {
        let begun = try retrying(
            settings.startRetries,
            clock: clock,
            jitter: jitter,
            onFailure: { logger.warning("start_failed", "\($0)") },
            { try source.begin(at: [:]) }
        )
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
