import Foundation
import Testing

@testable import AWSServices
@testable import HTTPClient

/// AWS's own cases (aws-c-auth, `tests/aws-signing-test-suite`), where they lie beside the repository.
@Suite struct SignatureVectorTests {
    @Test(
        "every published case gives its canonical request, its string to sign and its signature, in fields",
        .enabled(if: SignatureVector.isPresent, "../shared/data/sigv4-vectors is not here"),
        arguments: SignatureVector.all
    )
    func fields(_ vector: SignatureVector) throws {
        var request = try vector.request()
        let context = try vector.context()
        context.signer.sign(&request, with: context.credentials, at: context.milliseconds)
        let authorization = try #require(request.fields.first { $0.name == "Authorization" }?.value)
        request.fields.removeAll { $0.name == "Authorization" }
        let canonical = CanonicalRequest(
            request,
            context.signer.pathRule,
            bodyDigest: Hash.sha256(request.body ?? []).hexadecimal
        )
        #expect(canonical.text == (try vector.text("header-canonical-request")))
        let time = SigningTime(milliseconds: context.milliseconds)
        #expect(
            context.signer.stringToSign(canonical, at: time) == (try vector.text("header-string-to-sign"))
        )
        #expect(authorization.hasSuffix("Signature=\(try vector.text("header-signature"))"))
        let signed = try vector.text("header-signed-request")
        #expect(signed.contains("Authorization:\(authorization)\n"))
    }

    @Test(
        "every published case gives its signature in the query",
        .enabled(if: SignatureVector.isPresent, "../shared/data/sigv4-vectors is not here"),
        arguments: SignatureVector.all
    )
    func query(_ vector: SignatureVector) throws {
        let context = try vector.context()
        let signed = context.signer.presigned(
            try vector.request(),
            with: context.credentials,
            at: context.milliseconds,
            validity: context.validity
        )
        let signature = try #require(signed.query.last)
        #expect(signature == .init("X-Amz-Signature", try vector.text("query-signature")))
        var unsigned = signed
        unsigned.query.removeLast()
        let canonical = CanonicalRequest(
            unsigned,
            context.signer.pathRule,
            bodyDigest: Hash.sha256(unsigned.body ?? []).hexadecimal
        )
        #expect(canonical.text == (try vector.text("query-canonical-request")))
    }

    @Test(
        "all 38 cases are there",
        .enabled(if: SignatureVector.isPresent, "../shared/data/sigv4-vectors is not here")
    )
    func count() {
        #expect(SignatureVector.all.count == 38)
    }
}

/// One folder of the published cases.
struct SignatureVector: CustomTestStringConvertible {
    let folder: URL

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("../../../shared/data/sigv4-vectors/v4")

    static let all: [SignatureVector] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.sorted().map { SignatureVector(folder: root.appendingPathComponent($0)) }
    }()
    static var isPresent: Bool { !all.isEmpty }

    var testDescription: String { folder.lastPathComponent }

    func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name + ".txt"), encoding: .utf8)
    }

    /// The request before it is signed.
    func request() throws -> SignableRequest {
        // Lines end with LF alone. A line that begins with a space goes on with the one before.
        let text = try text("request")
        let head = text.firstRange(of: "\n\n").map { text[..<$0.lowerBound] } ?? text[...]
        let body = text.firstRange(of: "\n\n").map { text[$0.upperBound...] } ?? ""
        var lines = head.split(separator: "\n").map(String.init)
        let first = lines.removeFirst()
        let method = first.prefix { $0 != " " }
        let target = first.dropFirst(method.count + 1).dropLast(" HTTP/1.1".count)
        var fields: [HTTPClient.Field] = []
        for line in lines {
            if line.first == " ", var last = fields.popLast() {
                last.value += " " + line.drop { $0 == " " }
                fields.append(last)
            } else {
                let colon = try #require(line.firstIndex(of: ":"))
                fields.append(.init(String(line[..<colon]), String(line[line.index(after: colon)...])))
            }
        }
        let host = try #require(fields.first { $0.name == "Host" }?.value)
        fields.removeAll { $0.name == "Host" }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let pairs = parts.count < 2 ? [] : parts[1].split(separator: "&")
        let query = pairs.map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? "" }
            return SignableRequest.Parameter(halves[0], halves.count > 1 ? halves[1] : "")
        }
        return SignableRequest(
            String(method),
            Endpoint(host: host),
            path: String(parts[0]),
            query: query,
            fields: fields,
            body: body.isEmpty ? nil : Array(body.utf8)
        )
    }

    func context() throws -> Context {
        let data = try Data(contentsOf: folder.appendingPathComponent("context.json"))
        return Context(json: try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any]))
    }

    struct Context {
        let json: [String: Any]

        var omitsToken: Bool { json["omit_session_token"] as? Bool ?? false }
        var validity: Int { json["expiration_in_seconds"] as? Int ?? 0 }
        var milliseconds: Int64 { (json["timestamp"] as? String).flatMap(InstantText.rfc3339) ?? 0 }

        var signer: RequestSigner {
            RequestSigner(
                service: json["service"] as? String ?? "",
                region: json["region"] as? String ?? "",
                pathRule: json["normalize"] as? Bool ?? true ? .normalized : .encodedAgain,
                sendsBodyDigest: json["sign_body"] as? Bool ?? false
            )
        }

        /// A token that is left out of the signature is added to the request afterwards, which is not ours to do.
        var credentials: AWSCredentials {
            let keys = json["credentials"] as? [String: String] ?? [:]
            return AWSCredentials(
                accessKeyID: keys["access_key_id"] ?? "",
                secretAccessKey: keys["secret_access_key"] ?? "",
                sessionToken: omitsToken ? nil : keys["token"]
            )
        }
    }
}
