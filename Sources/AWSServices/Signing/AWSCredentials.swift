/// What requests are signed with. Its descriptions hide the secret parts.
public struct AWSCredentials: Sendable, Hashable {
    public let accessKeyID: String
    public let secretAccessKey: String
    /// Of temporary credentials.
    public let sessionToken: String?
    /// When they end, in milliseconds since 1970, UTC; nil for never, as far as is known.
    public let expiryMilliseconds: Int64?

    public init(
        accessKeyID: String,
        secretAccessKey: String,
        sessionToken: String? = nil,
        expiryMilliseconds: Int64? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiryMilliseconds = expiryMilliseconds
    }
}

extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "credentials \(accessKeyID)" }
    public var debugDescription: String { description }
    /// `dump` and interpolated containers of credentials go by this.
    public var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}
