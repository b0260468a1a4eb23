import JSONText

/// A token by which a client of Amazon MSK proves who it is (IAM over SASL OAUTHBEARER): the address of a signed
/// request for the action `kafka-cluster:Connect`, in base64 for addresses and without padding.
///
/// Source: the way of `aws-msk-iam-sasl-signer-python`, with which it agrees byte for byte.
public struct MSKAuthToken: Sendable, Hashable {
    public let value: String
    /// When it ends, in milliseconds since 1970, UTC.
    public let expiryMilliseconds: Int64

    /// Seconds that a token is good.
    public static let validity = 900

    /// - Parameters:
    ///   - region: of the cluster.
    ///   - now: milliseconds since 1970, UTC.
    ///   - userAgent: for the cluster's logs.
    public init(
        region: String,
        credentials: AWSCredentials,
        now: Int64,
        userAgent: String = "timberline"
    ) {
        let signer = RequestSigner(service: "kafka-cluster", region: region)
        var request = signer.presigned(
            SignableRequest(
                "GET",
                Endpoint(host: "kafka.\(region).amazonaws.com"),
                query: [.init("Action", "kafka-cluster:Connect")]
            ),
            with: credentials,
            at: now,
            validity: Self.validity
        )
        // Behind the signature, which does not cover it.
        request.query.append(.init("User-Agent", userAgent))
        let text = Base64.encode(request.url.utf8).compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: byte
            }
        }
        value = String(decoding: text, as: UTF8.self)
        expiryMilliseconds = (now / 1000 + Int64(Self.validity)) * 1000
    }
}

extension AWSClient {
    /// A token for a cluster of MSK in the client's region, with its credentials.
    public func mskAuthToken() throws(AWSError) -> MSKAuthToken {
        MSKAuthToken(region: try region(), credentials: try currentCredentials(), now: clock.now())
    }
}
