import LocalLambdaModel

/// The asynchronous events that wait to be tried, and what becomes of each try. No I/O, and no clock.
///
/// A failed event is tried again as often as there are delays. One that did not come to the function (throttled, or
/// an error of ours) is tried again without end, first after a second and then up to five minutes later,
/// until it is six hours old.
///
/// Source: AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation".
struct AsynchronousQueue: Sendable {
    /// Events at most, those under way included.
    let limit: Int
    let retryDelays: [Duration]

    private var waiting: [AsynchronousEvent] = []
    private var underWay = 0

    /// Milliseconds that an event is kept at most.
    static let ageLimit: Int64 = 6 * 60 * 60 * 1_000
    static let longestThrottleDelay: Int64 = 5 * 60 * 1_000

    init(limit: Int, retryDelays: [Duration]) {
        self.limit = limit
        self.retryDelays = retryDelays
    }

    var count: Int { waiting.count + underWay }

    /// - Returns: false where there is no room.
    mutating func add(_ event: AsynchronousEvent) -> Bool {
        guard count < limit else { return false }
        waiting.append(event)
        return true
    }

    /// Takes an event back from an earlier run, whether there is room or not.
    mutating func restore(_ event: AsynchronousEvent) {
        waiting.append(event)
    }

    /// The event that is due for the longest time; it is under way until `finish`. O(events).
    mutating func next(at now: Int64) -> AsynchronousEvent? {
        let index = waiting.indices.min { waiting[$0].dueAt < waiting[$1].dueAt }
        guard let index, waiting[index].dueAt <= now else { return nil }
        underWay += 1
        return waiting.remove(at: index)
    }

    /// When the next event is due, milliseconds since 1970.
    var nextDue: Int64? { waiting.map(\.dueAt).min() }

    /// What became of an event.
    enum Conclusion: Equatable {
        case succeeded
        /// It waits again.
        case retried(AsynchronousEvent)
        /// It is given up: why.
        case dropped(String)
    }

    /// Takes the outcome of a try.
    mutating func finish(
        _ event: AsynchronousEvent,
        _ outcome: InvocationResult.Outcome,
        at now: Int64
    ) -> Conclusion {
        underWay -= 1
        var event = event
        switch outcome {
        case .success: return .succeeded
        case .functionError:
            event.failures += 1
            guard event.failures <= retryDelays.count else { return .dropped("RetriesExhausted") }
            event.dueAt = now + Int64(retryDelays[event.failures - 1].wholeMilliseconds)
        case .refused(let refusal) where refusal.isRetriable:
            event.refusals += 1
            event.dueAt = now + min(Self.longestThrottleDelay, 1_000 << Int64(min(event.refusals - 1, 20)))
        case .refused(let refusal): return .dropped(refusal.message)
        }
        guard event.dueAt - event.takenAt <= Self.ageLimit else { return .dropped("EventAgeExceeded") }
        waiting.append(event)
        return .retried(event)
    }
}
