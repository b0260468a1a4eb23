import Dispatch
import LocalLambdaModel
import SystemFiles
import Telemetry

/// Runs asynchronous events, each on a thread of its own, as many at once as functions may run at all.
final class AsynchronousInvocations: Sendable {
    private struct State {
        var queue: AsynchronousQueue
        var running = 0
        var isStopping = false
        /// Runs an event once; nil until the start.
        var invoke: Invoke?
        /// Goes off when the next event is due.
        var timer: (any DispatchSourceTimer)?
    }

    /// The request's ID is the event's.
    typealias Invoke = @Sendable (AsynchronousEvent) -> InvocationResult.Outcome

    private let threadLimit: Int
    private let spool: EventSpool?
    private let logger: Logger
    private let workers = DispatchGroup()
    private let state: Locked<State>

    init(_ settings: FunctionRunner.Settings, logger: Logger) {
        threadLimit = max(1, min(settings.concurrencyLimit, 64))
        spool = settings.eventsDirectory.map { EventSpool($0) }
        self.logger = logger
        var queue = AsynchronousQueue(
            limit: settings.asynchronousLimit,
            retryDelays: settings.asynchronousRetryDelays
        )
        for event in spool?.load(at: wallClockMilliseconds(), logger) ?? [] { queue.restore(event) }
        state = Locked(State(queue: queue))
    }

    /// Begins, with what an earlier run has left. Events that are added before wait for it.
    func start(_ invoke: @escaping Invoke) {
        state.withLock { $0.invoke = invoke }
        pump()
    }

    /// - Throws: where the event is not taken.
    func add(_ event: AsynchronousEvent) throws(InvocationRefusal) {
        let isStopping = state.withLock { $0.isStopping }
        guard !isStopping else { throw InvocationRefusal(.service, "the function runner is ending") }
        // On disk first: what was taken is not lost.
        do throws(SystemError) {
            try spool?.store(event)
        } catch {
            throw InvocationRefusal(.service, "the event cannot be kept: \(error)")
        }
        guard state.withLock({ $0.queue.add(event) }) else {
            spool?.remove(event)
            throw InvocationRefusal(
                .tooManyRequests,
                "Too many asynchronous events are waiting.",
                throttleReason: .asynchronousQueue
            )
        }
        pump()
    }

    /// Starts no more, and returns when those under way have ended. What is left is for the next run.
    func stop() {
        state.withLock { state in
            state.isStopping = true
            state.timer?.cancel()
            state.timer = nil
        }
        workers.wait()
        state.withLock { $0.invoke = nil }
    }

    /// Starts what is due, and sets the timer for what is not.
    private func pump() {
        while let (event, invoke) = takeDue() {
            DispatchQueue(label: "function.asynchronous").async(group: workers) { [self] in
                conclude(event, invoke(event))
                state.withLock { $0.running -= 1 }
                pump()
            }
        }
    }

    private func takeDue() -> (AsynchronousEvent, Invoke)? {
        state.withLock { state in
            guard let invoke = state.invoke, !state.isStopping, state.running < threadLimit else {
                return nil
            }
            let now = wallClockMilliseconds()
            if let event = state.queue.next(at: now) {
                state.running += 1
                return (event, invoke)
            }
            state.timer?.cancel()
            state.timer = state.queue.nextDue.map { due in
                let timer = DispatchSource.makeTimerSource(queue: .global())
                timer.setEventHandler { [weak self] in self?.pump() }
                timer.schedule(deadline: .now() + .milliseconds(Int(clamping: max(1, due - now))))
                timer.activate()
                return timer
            }
            return nil
        }
    }

    private func conclude(_ event: AsynchronousEvent, _ outcome: InvocationResult.Outcome) {
        let conclusion = state.withLock { $0.queue.finish(event, outcome, at: wallClockMilliseconds()) }
        switch conclusion {
        case .succeeded: spool?.remove(event)
        case .retried(let event):
            do throws(SystemError) {
                try spool?.store(event)
            } catch {
                // The event as it was before is there still: at worst it is tried once more than it should.
                logger.warning(
                    "asynchronous_event_not_kept",
                    "\(error)",
                    ["request_id": .string(event.requestID)]
                )
            }
        case .dropped(let reason):
            spool?.remove(event)
            logger.warning(
                "asynchronous_event_dropped",
                "an asynchronous event was given up: \(reason)",
                [
                    "function": .string(event.request.function.name.text),
                    "request_id": .string(event.requestID), "reason": .string(reason),
                ]
            )
        }
    }
}
