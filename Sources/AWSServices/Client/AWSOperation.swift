public import HTTPClient

/// One call of a service: how its request is written, and what its answer says.
public protocol AWSOperation: Sendable {
    associatedtype Answer: Sendable

    var service: AWSService { get }
    /// For messages: `PutItem`.
    var name: String { get }
    /// How long one attempt may take; nil for the client's.
    var timeout: Duration? { get }
    /// A status of success besides 200 to 299.
    var otherSuccess: Int? { get }
    /// False for the calls that credentials come from.
    var isSigned: Bool { get }
    /// Of S3: the bucket, which may be in another region than the user's; nil for all else.
    var bucket: String? { get }

    /// The request, without a signature.
    ///
    /// - Parameter location: where the service is, and what the request's path and host follow from.
    func request(_ location: ServiceLocation) throws(AWSError) -> SignableRequest
    /// Reads an answer with a status of success.
    func answer(_ response: HTTPClient.Response) throws(AWSError) -> Answer
}

extension AWSOperation {
    public var timeout: Duration? { nil }
    public var otherSuccess: Int? { nil }
    public var isSigned: Bool { true }
    public var bucket: String? { nil }

    /// For messages.
    var title: String { "\(service.identifier) \(name)" }

    func malformedAnswer(_ reason: String) -> AWSError {
        AWSError(.invalidAnswer, "\(title): \(reason)")
    }
}

/// Where requests of one service go.
public struct ServiceLocation: Sendable, Hashable {
    public let endpoint: Endpoint
    public let region: String
    /// Whether the user named the endpoint: it need not know hosts that begin with a bucket's name.
    public let isConfigured: Bool
}
