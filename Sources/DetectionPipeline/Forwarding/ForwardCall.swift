/// One call of a target, with records of one stream.
struct ForwardCall: Sendable {
    /// The number of the lane that makes it.
    var lane: Int
    var batch: RecordBatch
    /// Which try it is, counted from 1.
    var attempt: Int
}

/// What became of a call.
struct ForwardAnswer: Sendable {
    /// How many records from the front the target has, or the dead letters.
    var finishedCount = 0
    /// Those of them that went to the dead letters.
    var refusedCount = 0
    /// Why the rest is not finished.
    var error: (any Error)?
}

extension ForwardCall {
    /// Makes the call, and what it takes to find records that the target refuses. Blocks.
    func perform(on target: any ForwardTarget, _ deadLetters: SharedDeadLetters) -> ForwardAnswer {
        var answer = ForwardAnswer()
        do {
            try bisect(batch.records[...]) { records in
                var part = batch
                part.records = Array(records)
                do {
                    try target.send(part)
                } catch let partial as PartialSend {
                    answer.finishedCount = records.startIndex + partial.acknowledgedCount
                    throw partial.cause
                }
                answer.finishedCount = records.endIndex
            } poisoned: { record, error in
                let reason = "\(target.name): \(error)"
                // Stored before anything behind it is sent: what is finished is always the front.
                try deadLetters.store([batch.letter(for: record, reason: reason, attempt: attempt)])
                answer.finishedCount += 1
                answer.refusedCount += 1
            }
        } catch {
            answer.error = error
        }
        return answer
    }
}
