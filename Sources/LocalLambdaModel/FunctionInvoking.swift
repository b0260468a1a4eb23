/// Invokes functions.
public protocol FunctionInvoking: Sendable {
    /// Runs a function and waits for its end, on the caller's thread. May be called on many threads at once.
    ///
    /// Beyond the function's concurrency it does not wait: it refuses with `tooManyRequests`.
    func invoke(_ request: InvocationRequest) -> InvocationResult
}

/// Runs functions: what the control plane needs of the runner.
public protocol FunctionRunning: FunctionInvoking {
    /// Takes an event to be run soon, and tried again twice where that fails (Invoke with `Event`).
    ///
    /// - Returns: the request's ID.
    /// - Throws: where it is not taken, so that it never runs.
    func enqueue(_ request: InvocationRequest) throws(InvocationRefusal) -> String

    /// The function was changed or deleted: environments that run an older revision end when their invocation does.
    func functionDidChange(_ name: FunctionName)
}
