import Dispatch
import Synchronization
import Telemetry

/// Makes calls side by side, as many at once as the scorer allows, and returns when all have ended. After a failure
/// that is not of a row no other call begins: what is down is not helped by more calls.
///
/// - Returns: what became of each call; nil of one that did not begin.
func perform(_ calls: [ScoringCall], with scorer: any RowScorer) -> [ScoringCall.Result?] {
    let count = min(max(1, scorer.concurrency), calls.count)
    guard count > 1 else {
        var results: [ScoringCall.Result?] = Array(repeating: nil, count: calls.count)
        for (index, call) in calls.enumerated() {
            let result = call.perform(with: scorer)
            results[index] = result
            if result.error != nil { break }
        }
        return results
    }
    let results = Locked<[ScoringCall.Result?]>(Array(repeating: nil, count: calls.count))
    let (next, hasFailed) = (SharedCounter(), SharedCounter())
    let group = DispatchGroup()
    for _ in 0..<count {
        // A queue of its own is a thread of its own while it blocks.
        DispatchQueue(label: "score").async(group: group) {
            while hasFailed.value == 0 {
                let index = next.take()
                guard index < calls.count else { return }
                let result = calls[index].perform(with: scorer)
                if result.error != nil { _ = hasFailed.take() }
                results.withLock { $0[index] = result }
            }
        }
    }
    group.wait()
    return results.withLock { $0 }
}

/// A number that threads share.
private final class SharedCounter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    /// The number, which is one more from then on.
    func take() -> Int { count.wrappingAdd(1, ordering: .relaxed).oldValue }
}
