/// One execution environment: what its process may ask for now, and what follows from what happened.
///
/// It does no I/O and has no clock. Its driver tells it what happened and does what `takeActions` gives, in order.
///
/// | phase | next | response, error | init error | the process ends | its time is over |
/// |---|---|---|---|---|---|
/// | initializing | idle, or running where an event waits | refused | killed | begun again once | killed, begun again once |
/// | idle | waits | refused | refused | ended | |
/// | running | the same event again | answered | refused | ended, the invocation has failed | killed, the invocation has failed |
/// | answered | idle | refused | refused | ended | killed |
/// | ended | refused | refused | refused | | |
///
/// An initialization that fails is tried once more, then as part of the invocation and within the function's own
/// time limit (AWS Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle").
struct ExecutionEnvironment: Sendable {
    typealias Instant = ContinuousClock.Instant

    enum Phase: Sendable, Equatable {
        case initializing(since: Instant, until: Instant)
        case idle(since: Instant)
        case running(since: Instant, until: Instant)
        /// The answer is in, and the process has not asked for the next event yet.
        case answered(since: Instant, at: Instant, until: Instant)
        case ended
    }

    /// Which of the two tries to initialize this is.
    enum Attempt: String, Sendable {
        /// Before the invocation, with a limit of its own.
        case initialization = "init"
        /// As part of the invocation.
        case invocation = "invoke"
    }

    /// What the driver does.
    enum Action: Equatable {
        case kill
        /// Start the process anew: there is none now.
        case restart
        /// The initialization failed.
        case reportInitialization(InitializationReport)
        /// The process has the event: the invocation's log begins.
        case begin(Invocation)
        /// The invocation's log ends.
        case report(InvocationReport)
        /// The environment can be given another invocation.
        case becomeIdle
        /// It was idle for as long as it may be.
        case becomeOld
        /// What the invoker of a request gets. It may be performed when the next invocation has been taken.
        case deliver(InvocationOutcome, requestID: String)
        /// Nothing runs, and nothing will.
        case end
    }

    let limits: EnvironmentLimits
    private(set) var phase: Phase
    private(set) var attempt = Attempt.initialization
    /// The invocation under way, or waiting for the end of the initialization.
    private(set) var invocation: Invocation?
    /// The most memory that was in use at once, bytes.
    private(set) var peakMemory = 0
    private var actions: [Action] = []
    private var initialized: Duration?
    /// What the invoker gets when the invocation is over.
    private var outcome: InvocationOutcome?
    private var isDelivered = false
    /// Why it is being killed; nil unless it is.
    private var verdict: Verdict?

    private enum Verdict {
        case failed(InvocationFailure)
        /// Nobody waits for anything of it.
        case retired
        /// The invoker has its answer already.
        case overtime
    }

    init(_ limits: EnvironmentLimits, at now: Instant) {
        self.limits = limits
        phase = .initializing(since: now, until: now + limits.initialization)
    }

    mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }

    var hasActions: Bool { !actions.isEmpty }

    // MARK: What the runner wants

    /// Gives it an event. Once while it initializes, else when it is idle. A process that waits for one has it
    /// from `next` then.
    ///
    /// - Returns: false where it cannot take one any more.
    mutating func take(_ invocation: Invocation, at now: Instant) -> Bool {
        guard verdict == nil, self.invocation == nil else { return false }
        switch phase {
        case .initializing: self.invocation = invocation
        case .idle:
            self.invocation = invocation
            run(since: now, until: now + limits.timeout)
        case .running, .answered, .ended: return false
        }
        return true
    }

    /// Ends it, whatever it does.
    mutating func retire() {
        guard phase != .ended, verdict == nil else { return }
        kill(.retired)
    }

    /// Nothing can be started: why.
    mutating func giveUp(_ reason: String) {
        outcome = .abandoned(reason)
        end()
    }

    // MARK: What the process asks for

    enum EventAnswer: Equatable {
        /// With what is left of its time.
        case event(Invocation, remaining: Duration)
        case wait
        case gone
    }

    /// The process asks for its next event.
    mutating func next(at now: Instant) -> EventAnswer {
        guard verdict == nil else { return .gone }
        switch phase {
        case .initializing(let since, let until):
            if attempt == .initialization { initialized = since.duration(to: now) }
            guard invocation != nil else {
                phase = .idle(since: now)
                return .wait
            }
            switch attempt {
            case .initialization: run(since: now, until: now + limits.timeout)
            case .invocation: run(since: since, until: until)
            }
            return next(at: now)
        case .running(_, let until):
            guard let invocation else { return .wait }
            return .event(invocation, remaining: now.duration(to: until))
        case .answered(let since, _, _):
            finish(since: since, at: now)
            phase = .idle(since: now)
            actions.append(.becomeIdle)
            deliver()
            return .wait
        case .idle: return .wait
        case .ended: return .gone
        }
    }

    /// The process answers an event.
    ///
    /// - Parameter answer: the function's answer or error; nil where it was too large to be taken.
    mutating func answer(
        _ requestID: String,
        with answer: InvocationOutcome?,
        at now: Instant
    ) -> RuntimeAPIAnswer {
        guard requestID == invocation?.requestID, requestID == startedRequestID else {
            return .unknownRequest
        }
        guard case .running(let since, let until) = phase, verdict == nil else {
            return .notAllowed(from: stateName)
        }
        outcome = answer ?? .failed(.responseTooLarge)
        phase = .answered(since: since, at: now, until: until)
        return answer == nil ? .tooLarge : .accepted
    }

    /// The process cannot begin.
    mutating func failInitialization(_ failure: InvocationFailure) -> RuntimeAPIAnswer {
        guard case .initializing = phase, verdict == nil else { return .notAllowed(from: stateName) }
        kill(.failed(failure))
        return .accepted
    }

    private var startedRequestID: String? {
        switch phase {
        case .running, .answered: invocation?.requestID
        case .initializing, .idle, .ended: nil
        }
    }

    /// As Lambda names it in its refusals.
    private var stateName: String {
        switch phase {
        case .initializing: "Started"
        case .idle: "Ready"
        case .running: "Running"
        case .answered: "RuntimeResponseSentState"
        case .ended: "Exited"
        }
    }

    // MARK: What happens

    /// When something is to be looked at, if nothing happens before: a limit, or the memory.
    func nextTick(after now: Instant) -> Instant? {
        guard verdict == nil else { return nil }
        switch phase {
        case .initializing(_, let until), .running(_, let until):
            return min(until, now + limits.memoryInterval)
        case .answered(_, let at, let until):
            let grace = at + limits.answerGrace
            return min(until, isDelivered ? until : grace, now + limits.memoryInterval)
        case .idle(let since): return since + limits.idle
        case .ended: return nil
        }
    }

    /// Whether its process works, or should.
    var isBusy: Bool {
        switch phase {
        case .initializing, .running, .answered: true
        case .idle, .ended: false
        }
    }

    /// Time has gone on.
    mutating func tick(at now: Instant) {
        guard verdict == nil else { return }
        switch phase {
        case .initializing(_, let until) where now >= until: kill(.failed(.timedOut(limits.timeout)))
        case .running(_, let until) where now >= until: kill(.failed(.timedOut(limits.timeout)))
        case .answered(_, _, let until) where now >= until: kill(.overtime)
        case .answered(_, let at, _) where now >= at + limits.answerGrace && !isDelivered: deliver()
        case .idle(let since) where now >= since + limits.idle:
            // The runner may have just chosen it for an invocation: then it is not ended.
            phase = .idle(since: now)
            actions.append(.becomeOld)
        default: break
        }
    }

    /// Memory was measured: what is in use at once, and what was at most by any one process.
    mutating func measure(memory: Int, at now: Instant) {
        peakMemory = max(peakMemory, memory)
        guard memory > limits.memory, verdict == nil, phase != .ended else { return }
        kill(.failed(.outOfMemory))
    }

    /// The program could not be started.
    mutating func cannotStart(_ failure: InvocationFailure, at now: Instant) {
        verdict = .failed(failure)
        processEnded(nil, at: now)
    }

    /// The process, and all it has started, has ended.
    ///
    /// - Parameter status: nil where it is not known.
    mutating func processEnded(_ status: ExitStatus?, at now: Instant) {
        let failure: InvocationFailure
        switch verdict {
        case .failed(let reason): failure = reason
        case nil, .overtime: failure = .exited(status ?? .signalled(9))
        case .retired: return endRetired(at: now)
        }
        switch phase {
        case .initializing(let since, _): endInitialization(failure, since: since, at: now)
        case .running(let since, _):
            outcome = .failed(failure)
            finish(since: since, at: now)
            end()
        case .answered(let since, _, _):
            finish(since: since, at: now)
            end()
        case .idle: end()
        case .ended: break
        }
    }

    private static let retirement = "the function runner has ended the environment"

    /// Nobody is to wait for an answer for ever.
    private mutating func endRetired(at now: Instant) {
        switch phase {
        case .initializing: outcome = .abandoned(Self.retirement)
        case .running(let since, _):
            outcome = .abandoned(Self.retirement)
            finish(since: since, at: now)
        case .answered(let since, _, _): finish(since: since, at: now)
        case .idle: break
        case .ended: return
        }
        end()
    }

    private mutating func endInitialization(_ failure: InvocationFailure, since: Instant, at now: Instant) {
        actions.append(
            .reportInitialization(
                InitializationReport(
                    duration: since.duration(to: now),
                    attempt: attempt,
                    failure: failure
                )
            )
        )
        if attempt == .initialization {
            attempt = .invocation
            verdict = nil
            phase = .initializing(since: now, until: now + limits.timeout)
            actions.append(.restart)
            return
        }
        guard let invocation else { return end() }
        actions.append(.begin(invocation))
        outcome = .failed(failure)
        finish(since: since, at: now)
        end()
    }

    private mutating func run(since: Instant, until: Instant) {
        guard let invocation else { return }
        phase = .running(since: since, until: until)
        outcome = nil
        isDelivered = false
        actions.append(.begin(invocation))
    }

    private mutating func kill(_ reason: Verdict) {
        verdict = reason
        actions.append(.kill)
    }

    /// Ends the invocation's log.
    private mutating func finish(since: Instant, at now: Instant) {
        guard let invocation, let outcome else { return }
        actions.append(
            .report(
                InvocationReport(
                    requestID: invocation.requestID,
                    duration: since.duration(to: now),
                    initialization: initialized,
                    memoryLimit: limits.memory,
                    peakMemory: peakMemory,
                    failure: outcome.platformFailure
                )
            )
        )
        initialized = nil
    }

    private mutating func deliver() {
        if !isDelivered, let outcome, let invocation {
            actions.append(.deliver(outcome, requestID: invocation.requestID))
        }
        isDelivered = true
        // Of an answered one the answer is known until it has ended.
        if case .answered = phase { return }
        invocation = nil
        outcome = nil
    }

    private mutating func end() {
        phase = .ended
        actions.append(.end)
        deliver()
    }
}
