/// Why a function was not run.
public struct InvocationRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The errors of Lambda's Invoke, as its model names them.
    public enum Code: String, Sendable, Hashable {
        /// 404
        case resourceNotFound = "ResourceNotFoundException"
        /// 429, with a `ThrottleReason`.
        case tooManyRequests = "TooManyRequestsException"
        /// 413
        case requestTooLarge = "RequestTooLargeException"
        /// 400: the payload is no JSON.
        case invalidRequestContent = "InvalidRequestContentException"
        /// 502: the interpreter or its runtime client is not there, or the zip has no bootstrap.
        case invalidRuntime = "InvalidRuntimeException"
        /// 409: the function is being made or changed.
        case resourceConflict = "ResourceConflictException"
        /// 500: the runner is ending, or the system refuses a process.
        case service = "ServiceException"
    }

    /// Of a throttled invocation, as `Reason` shows it.
    public enum ThrottleReason: String, Sendable, Hashable {
        case reservedConcurrency = "ReservedFunctionConcurrentInvocationLimitExceeded"
        case accountConcurrency = "ConcurrentInvocationLimitExceeded"
        /// The queue of asynchronous events is full.
        case asynchronousQueue = "FunctionInvocationRateLimitExceeded"
    }

    public var code: Code
    public var message: String
    public var throttleReason: ThrottleReason?

    public init(_ code: Code, _ message: String, throttleReason: ThrottleReason? = nil) {
        self.code = code
        self.message = message
        self.throttleReason = throttleReason
    }

    /// Whether the same invocation may run later without anybody's doing.
    public var isRetriable: Bool {
        switch code {
        case .tooManyRequests, .resourceConflict, .service: true
        case .resourceNotFound, .requestTooLarge, .invalidRequestContent, .invalidRuntime: false
        }
    }

    public var description: String { message }
}
