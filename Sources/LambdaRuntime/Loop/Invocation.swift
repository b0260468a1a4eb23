/// One event that the function is asked to answer, with what the Runtime API says of it.
public struct Invocation: Sendable, Hashable {
    public var requestID: String
    /// When the function is stopped, milliseconds since 1970.
    public var deadlineMilliseconds: Int64
    public var functionARN: String
    /// AWS X-Ray's; nil where tracing is off.
    public var traceID: String?
    /// What the invoker's `X-Amz-Client-Context` holds, decoded: JSON.
    public var clientContext: String?
    public var cognitoIdentity: String?
    /// Of a function with tenant isolation.
    public var tenantID: String?
    public var event: [UInt8]

    public init(
        requestID: String,
        deadlineMilliseconds: Int64,
        functionARN: String = "",
        traceID: String? = nil,
        clientContext: String? = nil,
        cognitoIdentity: String? = nil,
        tenantID: String? = nil,
        event: [UInt8]
    ) {
        self.requestID = requestID
        self.deadlineMilliseconds = deadlineMilliseconds
        self.functionARN = functionARN
        self.traceID = traceID
        self.clientContext = clientContext
        self.cognitoIdentity = cognitoIdentity
        self.tenantID = tenantID
        self.event = event
    }

    /// What is left until the function is stopped; negative when that should have been.
    ///
    /// - Parameter now: milliseconds since 1970.
    public func remaining(at now: Int64) -> Duration {
        .milliseconds(deadlineMilliseconds - now)
    }
}
