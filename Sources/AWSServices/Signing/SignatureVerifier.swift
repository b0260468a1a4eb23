import HTTPClient

/// Checks signatures in header fields. Written apart from the signer, so that a fault of one does not hide in the other;
/// the digests are shared.
public struct SignatureVerifier: Sendable {
    /// By access key.
    private let credentials: [String: AWSCredentials]

    /// - Parameter credentials: those whose signatures are accepted.
    public init(_ credentials: [AWSCredentials]) {
        self.credentials = Dictionary(credentials.map { ($0.accessKeyID, $0) }) { $1 }
    }

    /// - Parameter now: milliseconds since 1970, UTC.
    public func verify(_ request: ReceivedRequest, at now: Int64) throws(SignatureRefusal) -> SignatureScope {
        guard let authorization = request.values(of: "authorization").first else {
            throw SignatureRefusal(code: "MissingAuthenticationToken", message: "no Authorization field")
        }
        guard let fields = SignatureFields(authorization), let date = request.values(of: "x-amz-date").first
        else {
            throw incomplete(
                "another algorithm, or Credential, SignedHeaders, Signature or X-Amz-Date is missing"
            )
        }
        guard let scope = SignatureScope(fields.credential), date.hasPrefix(scope.date) else {
            throw incomplete("a wrong scope: \(fields.credential)")
        }
        guard let key = credentials[scope.accessKeyID] else {
            throw SignatureRefusal(
                code: "UnrecognizedClientException",
                message: "nobody has the key \(scope.accessKeyID)"
            )
        }
        guard request.values(of: "x-amz-security-token").first == key.sessionToken else {
            throw SignatureRefusal(code: "InvalidClientTokenId", message: "another session token")
        }
        if let expiry = key.expiryMilliseconds, expiry <= now {
            throw SignatureRefusal(
                status: 400,
                code: "ExpiredTokenException",
                message: "the token has expired"
            )
        }
        try checkTime(date, service: scope.service, now)
        try checkCoverage(request, Set(fields.signedNames.split(separator: ";").map(String.init)))
        let canonical = canonical(request, names: fields.signedNames, isS3: scope.service == "s3")
        var signingKey = Array("AWS4\(key.secretAccessKey)".utf8)
        for part in scope.parts { signingKey = Hash.hmacSHA256(key: signingKey, Array(part.utf8)) }
        let digest = Hash.sha256(Array(canonical.utf8)).hexadecimal
        let text = [RequestSigner.algorithm, date, scope.parts.joined(separator: "/"), digest]
            .joined(separator: "\n")
        guard Self.areEqual(Hash.hmacSHA256(key: signingKey, Array(text.utf8)).hexadecimal, fields.signature)
        else {
            throw SignatureRefusal(code: "SignatureDoesNotMatch", message: "the signature of\n\(canonical)")
        }
        return scope
    }

    /// In a time that does not tell where they differ.
    private static func areEqual(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && zip(one.utf8, other.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func incomplete(_ message: String) -> SignatureRefusal {
        SignatureRefusal(status: 400, code: "IncompleteSignature", message: message)
    }

    private func checkTime(_ date: String, service: String, _ now: Int64) throws(SignatureRefusal) {
        func at(_ minutes: Int64) -> String { SigningTime(milliseconds: now + minutes * 60_000).text }
        guard (at(-15)...at(15)).contains(date) else {
            // Services differ in the name, too.
            throw SignatureRefusal(
                code: service == "s3" ? "RequestTimeTooSkewed" : "InvalidSignatureException",
                message: "Signature expired: \(date) is not within 15 minutes of \(at(0))"
            )
        }
    }

    /// What a thief could change must be signed: the host, the body's type, and every field of AWS's.
    private func checkCoverage(_ request: ReceivedRequest, _ names: Set<String>) throws(SignatureRefusal) {
        for field in request.fields {
            let name = field.name.lowercased()
            if name == "host" || name == "content-type" || name.hasPrefix("x-amz"), name != "x-amzn-trace-id",
                !names.contains(name)
            {
                throw incomplete("\(name) is not signed")
            }
        }
    }

    private func canonical(_ request: ReceivedRequest, names: String, isS3: Bool) -> String {
        let target = request.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = isS3 ? String(target[0]) : PercentEncoding.encoded(target[0], keepsSlashes: true)
        let query =
            target.count < 2
            ? []
            : target[1].split(separator: "&").map { $0.contains("=") ? String($0) : "\($0)=" }
                .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let fields = names.split(separator: ";").map { name in
            "\(name):\(request.values(of: String(name)).joined(separator: ","))\n"
        }
        return [request.method, path, query.joined(separator: "&"), fields.joined(), names, digest(request)]
            .joined(separator: "\n")
    }

    /// S3 lets a request say that its body is not signed, or in parts that are signed one by one.
    private func digest(_ request: ReceivedRequest) -> String {
        if let stated = request.values(of: "x-amz-content-sha256").first,
            stated == "UNSIGNED-PAYLOAD" || stated.hasPrefix("STREAMING-")
        {
            return stated
        }
        return Hash.sha256(request.body).hexadecimal
    }
}
