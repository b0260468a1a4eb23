/// Gives credentials to requests. Used from several threads at once.
public protocol AWSCredentialsProvider: Sendable {
    /// Credentials that are valid now. May block while they are renewed.
    func credentials() throws(AWSError) -> AWSCredentials

    /// Told that a service does not take these credentials any more.
    ///
    /// - Returns: whether `credentials()` may give others.
    func drop(_ refused: AWSCredentials) -> Bool
}

/// The same credentials always.
public struct FixedCredentials: AWSCredentialsProvider {
    private let fixed: AWSCredentials

    public init(_ credentials: AWSCredentials) {
        fixed = credentials
    }

    public func credentials() -> AWSCredentials { fixed }
    public func drop(_ refused: AWSCredentials) -> Bool { false }
}
