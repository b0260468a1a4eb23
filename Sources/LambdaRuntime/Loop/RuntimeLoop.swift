import Dispatch
public import Telemetry

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What a function does with an event. Each loop has one of its own, called from that loop only.
public protocol LambdaHandler: AnyObject, SendableMetatype {
    /// Answers an event with JSON.
    ///
    /// - Throws: what the invoker gets as the function's error; the event may be given again.
    func handle(_ invocation: Invocation) throws -> [UInt8]
}

/// Takes events and hands in answers, one after the other, until the interface ends.
public struct RuntimeLoop: Sendable {
    private let interface: any RuntimeInterface
    private let logger: Logger

    public init(_ interface: any RuntimeInterface, logger: Logger) {
        self.interface = interface
        self.logger = logger
    }

    /// Runs as many loops as the environment allows, each with a handler of its own, and returns when all have ended.
    ///
    /// One that cannot begin is told to Lambda, and then none begins.
    ///
    /// - Throws: the reason of the end; in Lambda there is no other.
    public func run<Handler: LambdaHandler>(count: Int, _ makeHandler: () throws -> Handler) throws {
        let handlers: [Handler]
        do {
            handlers = try (0..<max(1, count)).map { _ in try makeHandler() }
        } catch {
            let failure = error as? FunctionError ?? FunctionError(type: "Init.Failed", message: "\(error)")
            logger.error("initialization_failed", failure.message, ["error_type": .string(failure.type)])
            try interface.failInitialization(with: failure)
            throw failure
        }
        guard handlers.count > 1 else { return try run(handlers[0], isAlone: true) }
        try runTogether(handlers)
    }

    /// A thread for each: `next` blocks.
    private func runTogether<Handler: LambdaHandler>(_ handlers: [Handler]) throws {
        let ends = Locked<[RuntimeInterfaceError]>([])
        let group = DispatchGroup()
        for handler in handlers {
            // Handed over: nobody else calls it from here on.
            nonisolated(unsafe) let handler = handler
            DispatchQueue(label: "lambda.loop").async(group: group) {
                do throws(RuntimeInterfaceError) {
                    try run(handler, isAlone: false)
                } catch {
                    ends.withLock { $0.append(error) }
                }
            }
        }
        group.wait()
        if let end = ends.withLock({ $0.first }) { throw end }
    }

    /// - Parameter isAlone: whether this is the only loop of the process.
    private func run(_ handler: some LambdaHandler, isAlone: Bool) throws(RuntimeInterfaceError) {
        while true {
            let invocation = try interface.next()
            // The environment is the process's: with several loops the id is in the invocation only.
            if isAlone { Self.publish(traceID: invocation.traceID) }
            try answer(invocation, with: handler)
        }
    }

    private func answer(_ invocation: Invocation, with handler: some LambdaHandler)
        throws(RuntimeInterfaceError)
    {
        let outcome: ReportOutcome
        do {
            let response = try handler.handle(invocation)
            outcome = try interface.respond(to: invocation.requestID, with: response)
        } catch let end as RuntimeInterfaceError {
            throw end
        } catch {
            let failure = FunctionError(error)
            logger.error(
                "invocation_failed",
                failure.message,
                ["error_type": .string(failure.type), "request_id": .string(invocation.requestID)]
            )
            outcome = try interface.fail(invocation.requestID, with: failure)
        }
        switch outcome {
        case .accepted: break
        case .tooLarge(let reason), .refused(let reason):
            logger.error("answer_refused", reason, ["request_id": .string(invocation.requestID)])
        }
    }

    private static func publish(traceID: String?) {
        if let traceID { setenv("_X_AMZN_TRACE_ID", traceID, 1) } else { unsetenv("_X_AMZN_TRACE_ID") }
    }
}
