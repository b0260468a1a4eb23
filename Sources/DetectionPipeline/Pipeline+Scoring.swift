import AnomalyDetection

extension Pipeline {
    /// Has the rows scored that wait for the model outside, and judges the batches, in their order, once each of
    /// their rows has its answer.
    ///
    /// - Throws: what kept some of them from it; what is known by then is kept for the next try.
    func score(_ delivery: inout Delivery) throws {
        guard let scorer, delivery.isUnscored else { return }
        let calls = delivery.outcomes.enumerated().flatMap { index, outcome in
            outcome.unscored?.calls(of: index, for: scorer) ?? []
        }
        var failures: [any Error] = []
        for (call, result) in zip(calls, perform(calls, with: scorer)) {
            guard let result else { continue }
            delivery.outcomes[call.batch].unscored?.take(result, of: call)
            if let error = result.error { failures.append(error) }
        }
        // One that no later try can mend counts more than one that it can.
        let worst = failures.first { FailureKind($0) != .transient } ?? failures.first
        if let worst { throw worst }
        for (index, outcome) in delivery.outcomes.enumerated() {
            guard let processor = processors[outcome.modelStream] else { continue }
            delivery.outcomes[index] = processor.judged(outcome)
        }
    }
}
