import HTTPClient

/// Why a call of a service did not succeed.
public struct AWSError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, as far as a caller may do something about it.
    public enum Code: String, Sendable, Hashable {
        /// A setting of the environment or of a profile that nothing can be made of, or a missing one.
        case configuration
        /// There are no credentials, or they cannot be renewed.
        case credentials
        /// The service does not let these credentials do this, or they have ended.
        case accessDenied
        /// The service wants fewer calls.
        case throttled
        /// The service has a fault (5xx).
        case serverFault
        /// No answer in time.
        case timedOut
        /// No connection, or it was lost.
        case unreachable
        /// Another state was expected: a condition was not met (412, `ConditionalCheckFailedException`).
        case conditionFailed
        /// Somebody else changes the same thing now (409).
        case conflict
        /// The table, topic, bucket, object, endpoint or function does not exist.
        case notFound
        /// Anything else that the service refuses.
        case refused
        /// An answer that is none of the service's.
        case invalidAnswer
    }

    public let code: Code
    /// Names the service, the call and what it was for; holds no secret.
    public let message: String
    /// The service's own name of the error, such as `ThrottlingException`.
    public let errorCode: String?
    /// HTTP status of the answer; nil where there was none.
    public let status: Int?
    /// What AWS's support asks for.
    public let requestID: String?
    /// Whether the same call may succeed later without anybody's doing.
    public let isRetriable: Bool
    /// When the service wants to be called again at the earliest, as it says itself.
    public let retryAfter: Duration?

    public init(
        _ code: Code,
        _ message: String,
        errorCode: String? = nil,
        status: Int? = nil,
        requestID: String? = nil,
        isRetriable: Bool = false,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.message = message
        self.errorCode = errorCode
        self.status = status
        self.requestID = requestID
        self.isRetriable = isRetriable
        self.retryAfter = retryAfter
    }

    public var description: String { message }
}

extension AWSError {
    /// No answer came.
    init(_ error: HTTPClientError, _ call: String) {
        let code: Code =
            switch error.code {
            case .timedOut: .timedOut
            case .unresolvedHost, .cannotConnect, .connectionLost: .unreachable
            case .invalidRequest, .untrusted, .stopped, .other: .configuration
            case .responseTooLarge: .invalidAnswer
            }
        self.init(code, "\(call): \(error.message)", status: error.status, isRetriable: error.isRetriable)
    }
}
