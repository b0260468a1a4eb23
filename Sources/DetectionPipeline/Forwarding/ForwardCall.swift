/// One call with records of one stream.
struct ForwardCall: Sendable {
    enum Purpose: Sendable {
        case send
        /// They are not sent any more, for this reason.
        case giveUp(any Error)
    }

    /// The number of the lane that makes it.
    var lane: Int
    var batch: RecordBatch
    var purpose = Purpose.send
    /// Which try it is, counted from 1.
    var attempt: Int
    /// Tries before that failed with a `CountedError`.
    var countedAttempts = 0
}

/// What became of a call.
struct ForwardAnswer: Sendable {
    /// How many records from the front are done with.
    var finishedCount = 0
    /// Why the rest is not.
    var error: (any Error)?
}

extension ForwardCall {
    var isGivingUp: Bool { if case .giveUp = purpose { true } else { false } }

    /// Makes the call. Blocks.
    func perform(on target: any ForwardTarget, _ undeliverable: any UndeliverableRecords) -> ForwardAnswer {
        do {
            switch purpose {
            case .send: try target.send(batch)
            case .giveUp(let error):
                try undeliverable.store(
                    batch,
                    after: error,
                    attempt: attempt,
                    countedAttempts: countedAttempts
                )
            }
            return ForwardAnswer(finishedCount: batch.records.count)
        } catch let partial as PartialSend {
            return ForwardAnswer(finishedCount: partial.acknowledgedCount, error: partial.cause)
        } catch {
            return ForwardAnswer(error: error)
        }
    }
}
