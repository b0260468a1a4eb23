/// A function is to be invoked.
public struct InvocationRequest: Sendable, Hashable {
    public var function: FunctionReference
    /// The event, JSON.
    public var payload: [UInt8]
    /// What `X-Amz-Client-Context` holds, decoded: JSON.
    public var clientContext: String?
    /// AWS X-Ray's header.
    public var traceID: String?
    /// Whether the last 4 KiB of the invocation's log are wanted.
    public var wantsLogTail: Bool

    public init(
        _ function: FunctionReference,
        payload: [UInt8],
        clientContext: String? = nil,
        traceID: String? = nil,
        wantsLogTail: Bool = false
    ) {
        self.function = function
        self.payload = payload
        self.clientContext = clientContext
        self.traceID = traceID
        self.wantsLogTail = wantsLogTail
    }

    /// Bytes of a payload at most: 6 MiB.
    public static let synchronousPayloadLimit = 6 << 20
    /// Bytes of the payload of an asynchronous invocation at most: 1 MB.
    public static let asynchronousPayloadLimit = 1 << 20
}
