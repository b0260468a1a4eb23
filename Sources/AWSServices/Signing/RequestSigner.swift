/// Signs requests by AWS Signature Version 4.
///
/// Source: "Create a signed AWS API request" in AWS's IAM User Guide. Digests come from libcrypto.
public struct RequestSigner: Sendable, Hashable {
    /// How a request's path becomes part of what is signed.
    public enum PathRule: Sendable, Hashable {
        /// Dot segments and doubled slashes resolved, then encoded once more: every service but S3.
        case normalized
        /// Encoded once more, nothing resolved.
        case encodedAgain
        /// As on the wire: S3, whose keys may hold anything.
        case asSent
    }

    /// The service's name in signatures, such as `dynamodb`.
    public let service: String
    public let region: String
    public let pathRule: PathRule
    /// Whether the body's digest is sent too (`X-Amz-Content-SHA256`), as S3 wants it.
    public let sendsBodyDigest: Bool

    public init(
        service: String,
        region: String,
        pathRule: PathRule = .normalized,
        sendsBodyDigest: Bool = false
    ) {
        self.service = service
        self.region = region
        self.pathRule = pathRule
        self.sendsBodyDigest = sendsBodyDigest
    }

    /// Adds the fields of a signature that covers all fields so far, the query and the body.
    ///
    /// - Parameter now: milliseconds since 1970, UTC.
    public func sign(_ request: inout SignableRequest, with credentials: AWSCredentials, at now: Int64) {
        let time = SigningTime(milliseconds: now)
        let digest = Hash.sha256(request.body ?? []).hexadecimal
        request.set("X-Amz-Date", time.text)
        if let token = credentials.sessionToken { request.set("X-Amz-Security-Token", token) }
        if sendsBodyDigest { request.set("X-Amz-Content-SHA256", digest) }
        let canonical = CanonicalRequest(request, pathRule, bodyDigest: digest)
        let signature = signature(of: canonical, at: time, credentials)
        request.set(
            "Authorization",
            "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope(time)), "
                + "SignedHeaders=\(canonical.signedFields), Signature=\(signature)"
        )
    }

    /// The request with its signature in the query, so that an address is all that somebody needs to send it.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970, UTC.
    ///   - validity: seconds from `now` until it ends.
    public func presigned(
        _ request: SignableRequest,
        with credentials: AWSCredentials,
        at now: Int64,
        validity: Int
    ) -> SignableRequest {
        let time = SigningTime(milliseconds: now)
        var signed = request
        signed.query += [
            .init("X-Amz-Algorithm", Self.algorithm),
            .init("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope(time))"),
            .init("X-Amz-Date", time.text),
            .init("X-Amz-Expires", "\(validity)"),
            .init("X-Amz-SignedHeaders", CanonicalRequest.signedFields(of: request)),
        ]
        if let token = credentials.sessionToken { signed.query.append(.init("X-Amz-Security-Token", token)) }
        let digest = Hash.sha256(request.body ?? []).hexadecimal
        let canonical = CanonicalRequest(signed, pathRule, bodyDigest: digest)
        signed.query.append(.init("X-Amz-Signature", signature(of: canonical, at: time, credentials)))
        return signed
    }

    static let algorithm = "AWS4-HMAC-SHA256"

    private func scope(_ time: SigningTime) -> String { "\(time.date)/\(region)/\(service)/aws4_request" }

    func stringToSign(_ canonical: CanonicalRequest, at time: SigningTime) -> String {
        let digest = Hash.sha256(Array(canonical.text.utf8)).hexadecimal
        return [Self.algorithm, time.text, scope(time), digest].joined(separator: "\n")
    }

    private func signature(
        of canonical: CanonicalRequest,
        at time: SigningTime,
        _ credentials: AWSCredentials
    ) -> String {
        var key = Array("AWS4\(credentials.secretAccessKey)".utf8)
        for part in [time.date, region, service, "aws4_request"] {
            key = Hash.hmacSHA256(key: key, Array(part.utf8))
        }
        return Hash.hmacSHA256(key: key, Array(stringToSign(canonical, at: time).utf8)).hexadecimal
    }
}
