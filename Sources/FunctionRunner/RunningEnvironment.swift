import Dispatch
import Glibc
import HTTPServer
import SystemFiles
import Telemetry

/// Whom an environment tells of itself, on the environment's own thread.
protocol EnvironmentOwner: AnyObject, Sendable {
    func environmentIsIdle(_ id: EnvironmentPool.ID)
    /// It was idle for as long as it may be.
    func environmentIsOld(_ id: EnvironmentPool.ID)
    func environmentHasEnded(_ id: EnvironmentPool.ID)
}

/// One execution environment with its process, its Runtime API and its part of the function's log.
///
/// It has a thread of its own, which starts the process, takes its output, measures it, and ends it; the
/// Runtime API's threads and the invokers only change what `ExecutionEnvironment` says, and wake that thread.
final class RunningEnvironment: Sendable {
    private struct State {
        var environment: ExecutionEnvironment
        /// The process waits for an event.
        var waiter: DispatchSemaphore?
        /// The invokers that wait for their answers, by request: the environment may be given another event before the
        /// answer to the last one has been delivered.
        var pending: [String: PendingInvocation] = [:]
        /// The last invocation whose log has begun, and who waits for that.
        var begun: String?
        var beginWaiter: DispatchSemaphore?
        /// The present supervisor, nil between two.
        var supervisor: pid_t?
    }

    private let id: EnvironmentPool.ID
    private let owner: any EnvironmentOwner
    private let program: EnvironmentProgram
    private let log: FunctionLog
    private let wake: WakePipe
    private let state: Locked<State>

    /// - Throws: where the system has no pipe for it.
    init(
        _ id: EnvironmentPool.ID,
        _ program: EnvironmentProgram,
        log: FunctionLog,
        owner: any EnvironmentOwner
    ) throws(SystemError) {
        self.id = id
        self.program = program
        self.log = log
        self.owner = owner
        wake = try WakePipe()
        state = Locked(State(environment: ExecutionEnvironment(program.limits, at: .now)))
    }

    /// Runs it on a thread of its own, until it has ended. Called once.
    func start(in group: DispatchGroup) throws(SystemError) {
        group.enter()
        do throws(SystemError) {
            try WaitingThread.start {
                self.run()
                group.leave()
            }
        } catch {
            group.leave()
            throw error
        }
    }

    // MARK: For the runner

    /// Gives it an event; the answer goes to `pending`.
    ///
    /// - Returns: false where it cannot take one any more.
    func take(_ invocation: Invocation, _ pending: PendingInvocation) -> Bool {
        let waiter: DispatchSemaphore?? = state.withLock { state in
            guard state.environment.take(invocation, at: .now) else { return nil }
            state.pending[invocation.requestID] = pending
            return .some(state.waiter)
        }
        guard let waiter else { return false }
        waiter?.signal()
        wake.wake()
        return true
    }

    /// Ends it, whatever it does.
    func retire() {
        state.withLock { $0.environment.retire() }
        wake.wake()
    }

    // MARK: For the Runtime API

    /// Waits for an event.
    ///
    /// - Returns: it, and when its time is over, milliseconds since 1970; nil where there will be none for this caller.
    func nextEvent() -> (Invocation, deadline: Int64)? {
        while true {
            let own = DispatchSemaphore(value: 0)
            let (answer, other) = state.withLock {
                state -> (ExecutionEnvironment.EventAnswer, DispatchSemaphore?) in
                let answer = state.environment.next(at: .now)
                guard answer == .wait else { return (answer, nil) }
                // A process asks once. Who asks again has lost the connection of the first time.
                defer { state.waiter = own }
                return (answer, state.waiter)
            }
            wakeIfNeeded()
            other?.signal()
            switch answer {
            case .event(let invocation, let remaining):
                waitForLog(of: invocation)
                return (invocation, wallClockMilliseconds() + Int64(remaining.seconds * 1_000))
            case .gone: return nil
            case .wait:
                own.wait()
                let isMine = state.withLock { state in
                    defer { if state.waiter === own { state.waiter = nil } }
                    return state.waiter === own
                }
                guard isMine else { return nil }
            }
        }
    }

    /// Returns when the invocation's log has begun: what the process writes from now on comes behind it.
    private func waitForLog(of invocation: Invocation) {
        let begun = DispatchSemaphore(value: 0)
        let waits = state.withLock { state in
            guard state.begun != invocation.requestID else { return false }
            state.beginWaiter = begun
            return true
        }
        if waits { begun.wait() }
    }

    func answer(_ requestID: String, with outcome: InvocationOutcome?) -> RuntimeAPIAnswer {
        measureMemory()
        defer { wakeIfNeeded() }
        return state.withLock { $0.environment.answer(requestID, with: outcome, at: .now) }
    }

    func failInitialization(_ failure: InvocationFailure) -> RuntimeAPIAnswer {
        defer { wakeIfNeeded() }
        return state.withLock { $0.environment.failInitialization(failure) }
    }

    private func wakeIfNeeded() {
        if state.withLock({ $0.environment.hasActions }) { wake.wake() }
    }

    // MARK: The environment's thread

    private func run() {
        var settings = HTTPServer.Settings()
        // The process may call on another connection while the first one waits for an event.
        settings.hasThreadPerConnection = true
        settings.connectionLimit = 64
        settings.bodyLimit = EnvironmentLimits.responseByteLimit
        settings.readsOversizedBodies = true
        // A connection may be idle for as long as its function is.
        settings.idleLimit = .seconds(24 * 60 * 60)
        settings.receiveLimit = .seconds(15 * 60)
        settings.sendLimit = .seconds(15 * 60)
        let api = RuntimeAPI(environment: self)
        do {
            let server = try HTTPServer(settings, refused: api.refuse, handler: api.answer)
            defer { server.stop(within: .zero) }
            let order = program.order(runtimeAPI: "\(server.address)")
            var session = LogSession(log)
            session.append("INIT_START Runtime Version: \(program.runtime)\n")
            repeat {
                let process = try SupervisedProcess(order, supervisorCommand: program.supervisorCommand)
                supervise(process, &session)
            } while perform(nil, &session)
        } catch {
            state.withLock { $0.environment.giveUp("the environment cannot be started: \(error)") }
            var session = LogSession(log)
            _ = perform(nil, &session)
        }
    }

    /// Returns when the process, and all that it has started, has ended.
    private func supervise(_ process: SupervisedProcess, _ session: inout LogSession) {
        state.withLock { $0.supervisor = process.supervisor }
        defer { state.withLock { $0.supervisor = nil } }
        var end = ProcessEnd()
        var isOpen = true
        var measured = ContinuousClock.now
        while !end.isDone {
            wait(for: process, withOutput: isOpen)
            tick(&measured)
            // Lines that were written before an answer belong before the end of its log.
            let actions = state.withLock { $0.environment.takeActions() }
            if isOpen { isOpen = session.read(process) != .ended }
            perform(actions, process, &session)
            while !end.isDone, let message = process.nextMessage() { end.take(message) }
        }
        // What was written to the end is in the pipe: nobody writes any more.
        while isOpen, session.read(process) == .more {}
        session.flush()
        end.killSurvivors()
        state.withLock { state in
            if let error = end.startError {
                state.environment.cannotStart(program.failure(ofStart: error), at: .now)
            } else {
                state.environment.processEnded(end.status, at: .now)
            }
        }
    }

    private func wait(for process: SupervisedProcess, withOutput isOpen: Bool) {
        let now = ContinuousClock.now
        let tick = state.withLock { $0.environment.hasActions ? now : $0.environment.nextTick(after: now) }
        let milliseconds = tick.map { max(0, now.duration(to: $0).wholeMilliseconds) } ?? -1
        // poll leaves out what is negative.
        var entries = [isOpen ? process.output : -1, process.control, wake.descriptor].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        _ = poll(&entries, nfds_t(entries.count), Int32(clamping: milliseconds))
        wake.clear()
    }

    private func tick(_ measured: inout ContinuousClock.Instant) {
        let now = ContinuousClock.now
        let isBusy = state.withLock { state in
            state.environment.tick(at: now)
            return state.environment.isBusy
        }
        guard isBusy, measured.duration(to: now) >= program.limits.memoryInterval else { return }
        measured = now
        measureMemory()
    }

    private func measureMemory() {
        guard let supervisor = state.withLock({ $0.supervisor }) else { return }
        let used = ProcessTree.memory(below: supervisor, exactFrom: program.limits.memory)
        state.withLock { $0.environment.measure(memory: used, at: .now) }
    }

    /// Does what follows from what happened.
    ///
    /// - Returns: whether the process is to be started again.
    private func perform(_ process: SupervisedProcess?, _ session: inout LogSession) -> Bool {
        let actions = state.withLock { $0.environment.takeActions() }
        perform(actions, process, &session)
        return actions.contains(.restart)
    }

    private func perform(
        _ actions: [ExecutionEnvironment.Action],
        _ process: SupervisedProcess?,
        _ session: inout LogSession
    ) {
        for action in actions {
            switch action {
            case .kill:
                process?.killAll()
                state.withLock { $0.waiter }?.signal()
            case .restart: break
            case .reportInitialization(let report):
                session.flush()
                session.append(report.line)
            case .begin(let invocation):
                session.begin()
                session.append(InvocationReport.start(invocation))
                let waiter = state.withLock { state in
                    state.begun = invocation.requestID
                    return state.beginWaiter
                }
                waiter?.signal()
            case .report(let report):
                session.flush()
                session.append(report.lines(at: wallClockMilliseconds()))
            case .becomeIdle: owner.environmentIsIdle(id)
            case .becomeOld: owner.environmentIsOld(id)
            case .deliver(let outcome, let requestID):
                let pending = state.withLock { $0.pending.removeValue(forKey: requestID) }
                pending?.complete(outcome, logTail: session.tail.bytes)
            case .end:
                owner.environmentHasEnded(id)
                state.withLock { $0.waiter }?.signal()
            }
        }
    }
}

/// How a supervised process ended, message by message.
private struct ProcessEnd {
    private var process: pid_t?
    private(set) var status: ExitStatus?
    private(set) var startError: Int32?
    private(set) var isDone = false

    mutating func take(_ message: SupervisorMessage) {
        switch message {
        case .started(let process): self.process = process
        case .failed(let error): startError = error
        case .exited(let status): self.status = ExitStatus(waitStatus: status)
        case .done: isDone = true
        }
    }

    /// A supervisor that was killed has killed nothing: its function's session is what is known.
    func killSurvivors() {
        if let process, status == nil { kill(-process, SIGKILL) }
    }
}
