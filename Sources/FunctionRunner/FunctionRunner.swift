import Dispatch
import Glibc
public import LocalLambdaModel
import SystemFiles
public import Telemetry

/// Runs functions on this machine as Lambda does: in environments of one process each, which are started when
/// there is none idle, reused, and ended.
///
/// Its owner stops it; nothing that a function has started runs after that, nor after this process has ended in any
/// other way.
public final class FunctionRunner: FunctionRunning {
    private struct State {
        var pool: EnvironmentPool
        var environments: [EnvironmentPool.ID: RunningEnvironment] = [:]
        var isStopping = false
    }

    private let settings: Settings
    private let catalog: any FunctionCatalog
    private let logger: Logger
    private let logs: LogsDirectory
    private let python: PythonInterpreter
    private let path: String
    private let running = DispatchGroup()
    private let state: Locked<State>
    private let asynchronous: AsynchronousInvocations

    /// - Parameter catalog: asked at each invocation.
    public init(_ settings: Settings, catalog: any FunctionCatalog, logger: Logger) {
        var settings = settings
        settings.pythonInterpreter = settings.pythonInterpreter.map(Self.absolute)
        self.settings = settings
        self.catalog = catalog
        self.logger = logger
        logs = LogsDirectory(settings.logsDirectory, settings.logs, logger: logger)
        path = processEnvironment()["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        asynchronous = AsynchronousInvocations(settings, logger: logger)
        python = PythonInterpreter(settings.pythonInterpreter, path: path, logger: logger)
        state = Locked(State(pool: EnvironmentPool(concurrencyLimit: settings.concurrencyLimit)))
    }

    /// A program that is named by its place is there whatever directory is the current one.
    private static func absolute(_ program: String) -> String {
        guard program.contains("/"), !program.hasPrefix("/"), let current = getcwd(nil, 0) else {
            return program
        }
        defer { free(current) }
        return String(cString: current) + "/" + program
    }

    /// Begins with the asynchronous events that an earlier run has left. Called once, when functions can be found.
    public func start() {
        asynchronous.start { [self] event in
            run(event.request, requestID: event.requestID).outcome
        }
    }

    /// Environments that there are, busy or idle.
    public var environmentCount: Int { state.withLock { $0.pool.count } }

    /// Ends all environments, and returns when nothing of them runs. Invocations under way are refused with
    /// `service`, as are later ones.
    public func stop() {
        let environments = state.withLock { state in
            state.isStopping = true
            return Array(state.environments.values)
        }
        for environment in environments { environment.retire() }
        asynchronous.stop()
        running.wait()
    }

    /// The payload is JSON: who takes it from outside checks that.
    public func invoke(_ request: InvocationRequest) -> InvocationResult {
        run(request, requestID: randomUUID())
    }

    public func enqueue(_ request: InvocationRequest) throws(InvocationRefusal) -> String {
        try Self.check(request.payload, limit: InvocationRequest.asynchronousPayloadLimit)
        _ = try definition(of: request.function)
        let now = wallClockMilliseconds()
        let event = AsynchronousEvent(
            requestID: randomUUID(),
            request: request,
            takenAt: now,
            dueAt: now
        )
        try asynchronous.add(event)
        return event.requestID
    }

    private func run(_ request: InvocationRequest, requestID: String) -> InvocationResult {
        let definition: FunctionDefinition
        do throws(InvocationRefusal) {
            try Self.check(request.payload, limit: InvocationRequest.synchronousPayloadLimit)
            definition = try self.definition(of: request.function)
        } catch {
            return InvocationResult(.refused(error), requestID: requestID)
        }
        let configuration = definition.configuration
        let invocation = Invocation(
            requestID: requestID,
            functionARN: definition.invokedARN,
            version: configuration.version.description,
            traceID: request.traceID ?? Identifiers.traceID(at: wallClockMilliseconds()),
            clientContext: request.clientContext,
            event: request.payload
        )
        do throws(InvocationRefusal) {
            if case .python(let minor) = configuration.runtime { try python.check(minor: minor) }
            let result = try run(invocation, of: definition)
            return InvocationResult(
                try Self.outcome(result.outcome, requestID: requestID),
                requestID: requestID,
                executedVersion: invocation.version,
                logTail: request.wantsLogTail ? result.logTail : []
            )
        } catch {
            return InvocationResult(
                .refused(error),
                requestID: requestID,
                executedVersion: invocation.version
            )
        }
    }

    private func definition(of function: FunctionReference) throws(InvocationRefusal) -> FunctionDefinition {
        guard let definition = catalog.definition(of: function) else {
            throw InvocationRefusal(
                .resourceNotFound,
                "Function not found: \(function.arn(in: AWSLocation()))"
            )
        }
        return definition
    }

    private static func check(_ payload: [UInt8], limit: Int) throws(InvocationRefusal) {
        guard payload.count <= limit else {
            throw InvocationRefusal(
                .requestTooLarge,
                "Request must be smaller than \(limit) bytes for the InvokeFunction operation"
            )
        }
    }

    private static func outcome(
        _ outcome: InvocationOutcome,
        requestID: String
    ) throws(InvocationRefusal) -> InvocationResult.Outcome {
        switch outcome {
        case .answered(let answer): .success(answer)
        case .functionError(let error): .functionError(error)
        case .failed(let failure): .functionError(failure.json(requestID: requestID))
        case .abandoned(let reason): throw InvocationRefusal(.service, reason)
        }
    }

    private func run(
        _ invocation: Invocation,
        of definition: FunctionDefinition
    ) throws(InvocationRefusal) -> PendingInvocation.Result {
        let pending = PendingInvocation()
        // An idle environment may have ended by itself by the time that it is given the event.
        while try !acquire(definition).take(invocation, pending) {}
        return pending.wait()
    }

    /// An environment that is busy for the caller.
    private func acquire(_ definition: FunctionDefinition) throws(InvocationRefusal) -> RunningEnvironment {
        let configuration = definition.configuration
        let key = EnvironmentPool.Key(
            name: configuration.name,
            version: configuration.version,
            revisionID: configuration.revisionID
        )
        return try state.withLock { state throws(InvocationRefusal) in
            guard !state.isStopping else {
                throw InvocationRefusal(.service, "the function runner is ending")
            }
            switch state.pool.acquire(key, reserved: definition.reservedConcurrency) {
            case .throttled(let reason):
                throw InvocationRefusal(.tooManyRequests, "Rate Exceeded.", throttleReason: reason)
            case .reuse(let id):
                guard let environment = state.environments[id] else {
                    preconditionFailure("environment \(id) of the pool is not there")
                }
                return environment
            case .start(let id):
                do throws(SystemError) {
                    let environment = try RunningEnvironment(
                        id,
                        EnvironmentProgram(configuration, settings, path: path),
                        log: logs.log(of: configuration.name),
                        owner: self
                    )
                    try environment.start(in: running)
                    state.environments[id] = environment
                    return environment
                } catch {
                    state.pool.remove(id)
                    throw InvocationRefusal(.service, "the environment cannot be started: \(error)")
                }
            }
        }
    }

    public func functionDidChange(_ name: FunctionName) {
        // The catalogue is asked outside of the lock, as it has one of its own.
        let keys = state.withLock { $0.pool.keys(of: name) }
        let outdated = keys.filter { key in
            let reference = FunctionReference(key.name, key.version)
            return catalog.definition(of: reference)?.configuration.revisionID != key.revisionID
        }
        let ended = state.withLock { state in
            state.pool.retire(outdated).compactMap { state.environments[$0] }
        }
        for environment in ended { environment.retire() }
    }
}

extension FunctionRunner: EnvironmentOwner {
    func environmentIsIdle(_ id: EnvironmentPool.ID) {
        let ended = state.withLock { $0.pool.release(id) ? nil : $0.environments[id] }
        ended?.retire()
    }

    func environmentIsOld(_ id: EnvironmentPool.ID) {
        let ended = state.withLock { $0.pool.retireIfIdle(id) ? $0.environments[id] : nil }
        ended?.retire()
    }

    func environmentHasEnded(_ id: EnvironmentPool.ID) {
        state.withLock { state in
            state.pool.remove(id)
            state.environments[id] = nil
        }
    }
}
