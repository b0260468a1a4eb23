import AWSTestSupport
import Foundation
import HTTPClient
import KafkaTestSupport
import SeededNumbers
import Testing

@testable import AWSServices

/// Our signatures beside botocore's own, for requests by chance.
@Suite(.ownThread, .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)")) struct SignerPeerTests {
    private struct Case: Encodable {
        var method: String
        var url: String
        var fields: [[String]]
        var body: String
        var service: String
        var region: String
        var key: String
        var secret: String
        var token: String?
        /// Seconds since 1970.
        var time: Int64
        var validity: Int?
    }

    private static let program = """
        import base64, datetime, json, sys
        import botocore.auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials
        for case in json.load(sys.stdin):
            now = datetime.datetime.fromtimestamp(case["time"], datetime.timezone.utc).replace(tzinfo=None)
            botocore.auth.get_current_datetime = lambda remove_tzinfo=True: now
            keys = Credentials(case["key"], case["secret"], case.get("token"))
            request = AWSRequest(case["method"], case["url"], data=base64.b64decode(case["body"]))
            for name, value in case["fields"]:
                request.headers[name] = value
            names = (case["service"], case["region"])
            if "validity" in case:
                request.data = b""
                botocore.auth.SigV4QueryAuth(keys, *names, expires=case["validity"]).add_auth(request)
                print(request.url)
            else:
                kind = botocore.auth.S3SigV4Auth if case["service"] == "s3" else botocore.auth.SigV4Auth
                kind(keys, *names).add_auth(request)
                print(request.headers["Authorization"])
        """

    private func text(_ generator: inout some RandomNumberGenerator, _ count: ClosedRange<Int>) -> String {
        let characters = Array("abzAZ09-._~ !*'();:@&=+$,/?#[]%<>\"{}|\\^`äßΩ𝄞")
        return String(
            (0..<Int.random(in: count, using: &generator)).map { _ in
                characters.randomElement(using: &generator) ?? "x"
            }
        )
    }

    /// - Parameter isPresigned: with the signature in the query.
    private func compare(isPresigned: Bool, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var cases: [Case] = []
        var ours: [String] = []
        for _ in 0..<300 {
            let service =
                isPresigned
                ? "kafka-cluster"
                : ["dynamodb", "s3", "sns", "sagemaker"].randomElement(using: &generator) ?? ""
            let isS3 = service == "s3"
            let credentials = AWSCredentials(
                accessKeyID: "AKID\(Int.random(in: 0..<1000, using: &generator))",
                secretAccessKey: text(&generator, 1...80),
                sessionToken: Bool.random(using: &generator)
                    ? text(&generator, 1...200).replacing("\"", with: "") : nil
            )
            let path = "/" + PercentEncoding.encoded(text(&generator, 0...30), keepsSlashes: true)
            let names = (0..<Int.random(in: 0...4, using: &generator)).map {
                "\($0)" + text(&generator, 1...8)
            }
            var request = SignableRequest(
                ["GET", "PUT", "POST"].randomElement(using: &generator) ?? "GET",
                Endpoint(
                    isSecure: false,
                    host: "host.example",
                    port: Bool.random(using: &generator) ? 8080 : 80
                ),
                path: path,
                query: names.map { .init($0, text(&generator, 0...12)) },
                body: isPresigned ? nil : Array(text(&generator, 0...100).utf8)
            )
            for name in ["X-Amz-Target", "content-type", "x-amz-meta-a"] where Bool.random(using: &generator)
            {
                request.fields.append(.init(name, text(&generator, 0...20).filter(\.isASCII)))
            }
            let time = Int64.random(in: 1_000_000_000..<2_000_000_000, using: &generator)
            let region = ["us-east-1", "cn-north-1", "us-gov-west-1"].randomElement(using: &generator) ?? ""
            cases.append(
                Case(
                    method: request.method,
                    url: request.url,
                    fields: request.fields.map { [$0.name, $0.value] },
                    body: Data(request.body ?? []).base64EncodedString(),
                    service: service,
                    region: region,
                    key: credentials.accessKeyID,
                    secret: credentials.secretAccessKey,
                    token: credentials.sessionToken,
                    time: time,
                    validity: isPresigned ? 900 : nil
                )
            )
            let signer = RequestSigner(
                service: service,
                region: region,
                pathRule: isS3 ? .asSent : .normalized,
                sendsBodyDigest: isS3
            )
            if isPresigned {
                ours.append(
                    signer.presigned(request, with: credentials, at: time * 1000 + 999, validity: 900).url
                )
            } else {
                signer.sign(&request, with: credentials, at: time * 1000)
                ours.append(request.fields.first { $0.name == "Authorization" }?.value ?? "")
            }
        }
        let input = String(decoding: try JSONEncoder().encode(cases), as: UTF8.self)
        let run = try PythonPeers.run(Self.program, input: input, environment: ["PYTHONIOENCODING": "utf-8"])
        let theirs = run.output.split(separator: "\n").map(String.init)
        try #require(theirs.count == ours.count, "\(run.errors)")
        for (index, (our, their)) in zip(ours, theirs).enumerated() {
            #expect(our == their, "\(cases[index])")
        }
    }

    @Test("botocore signs the same requests with the same signatures", arguments: [1, 2] as [UInt64])
    func fields(_ seed: UInt64) throws {
        try compare(isPresigned: false, seed: seed)
    }

    @Test("botocore makes the same addresses of the same requests", arguments: [3] as [UInt64])
    func addresses(_ seed: UInt64) throws {
        try compare(isPresigned: true, seed: seed)
    }
}
