import HTTPServer
import Telemetry

@testable import AWSServices

/// Checks the signature of a request as it came over the wire. Written apart from the signer, so that a fault of one
/// does not hide in the other; the digests are shared.
struct SignatureCheck {
    /// By access key.
    let credentials: [String: AWSCredentials]
    /// Milliseconds since 1970, UTC.
    let now: Int64

    struct Refusal: Error {
        var status = 403
        var code: String
        var message: String
    }

    /// What the signature says of the request.
    struct Scope {
        var accessKey: String
        var region: String
        var service: String
    }

    func check(_ request: HTTPRequest) throws(Refusal) -> Scope {
        guard let authorization = request.headers["Authorization"] else {
            throw Refusal(code: "MissingAuthenticationToken", message: "no Authorization field")
        }
        let prefix = "AWS4-HMAC-SHA256 "
        guard authorization.hasPrefix(prefix) else { throw incomplete("another algorithm") }
        var parts: [String: String] = [:]
        for part in authorization.dropFirst(prefix.count).split(separator: ",") {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { parts[String(pair[0])] = String(pair[1]) }
        }
        guard let credential = parts["Credential"], let names = parts["SignedHeaders"],
            let signature = parts["Signature"], let date = request.headers["X-Amz-Date"]
        else { throw incomplete("Credential, SignedHeaders, Signature or X-Amz-Date is missing") }
        let scope = credential.split(separator: "/").map(String.init)
        guard scope.count == 5, scope[4] == "aws4_request", date.hasPrefix(scope[1]) else {
            throw incomplete("a wrong scope: \(credential)")
        }
        guard let key = credentials[scope[0]] else {
            throw Refusal(code: "UnrecognizedClientException", message: "nobody has the key \(scope[0])")
        }
        guard request.headers["X-Amz-Security-Token"] == key.sessionToken else {
            throw Refusal(code: "InvalidClientTokenId", message: "another session token")
        }
        if let expiry = key.expiryMilliseconds, expiry <= now {
            throw Refusal(status: 400, code: "ExpiredTokenException", message: "the token has expired")
        }
        try checkTime(date, service: scope[3])
        try checkCoverage(request, Set(names.split(separator: ";").map(String.init)))
        let canonical = canonical(request, names: names, isS3: scope[3] == "s3")
        var signingKey = Array("AWS4\(key.secretAccessKey)".utf8)
        for part in scope[1...] { signingKey = Hash.hmacSHA256(key: signingKey, Array(part.utf8)) }
        let digest = Hash.sha256(Array(canonical.utf8)).hexadecimal
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope[1...].joined(separator: "/"))\n\(digest)"
        guard Hash.hmacSHA256(key: signingKey, Array(text.utf8)).hexadecimal == signature else {
            throw Refusal(code: "SignatureDoesNotMatch", message: "the signature of\n\(canonical)")
        }
        return Scope(accessKey: scope[0], region: scope[2], service: scope[3])
    }

    private func incomplete(_ message: String) -> Refusal {
        Refusal(status: 400, code: "IncompleteSignature", message: message)
    }

    private func checkTime(_ date: String, service: String) throws(Refusal) {
        func at(_ minutes: Int64) -> String {
            timestampText(milliseconds: now + minutes * 60_000).prefix(19).filter { $0 != "-" && $0 != ":" }
                + "Z"
        }
        guard (at(-15)...at(15)).contains(date) else {
            // Services differ in the name, too.
            throw Refusal(
                code: service == "s3" ? "RequestTimeTooSkewed" : "InvalidSignatureException",
                message: "Signature expired: \(date) is not within 15 minutes of \(at(0))"
            )
        }
    }

    /// What a thief could change must be signed: the host, the body's type, and every field of AWS's.
    private func checkCoverage(_ request: HTTPRequest, _ names: Set<String>) throws(Refusal) {
        for field in request.headers.fields {
            let name = field.name.lowercased()
            if name == "host" || name == "content-type" || name.hasPrefix("x-amz"), name != "x-amzn-trace-id",
                !names.contains(name)
            {
                throw incomplete("\(name) is not signed")
            }
        }
    }

    private func canonical(_ request: HTTPRequest, names: String, isS3: Bool) -> String {
        let target = request.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = isS3 ? String(target[0]) : String(target[0].replacing("%", with: "%25"))
        let query =
            target.count < 2
            ? []
            : target[1].split(separator: "&").sorted {
                $0.utf8.lexicographicallyPrecedes($1.utf8)
            }
        let fields = names.split(separator: ";").map { name in
            "\(name):\(request.headers.values(of: String(name)).joined(separator: ","))\n"
        }
        let digest = Hash.sha256(request.body).hexadecimal
        return [request.method, path, query.joined(separator: "&"), fields.joined(), names, digest]
            .joined(separator: "\n")
    }
}
