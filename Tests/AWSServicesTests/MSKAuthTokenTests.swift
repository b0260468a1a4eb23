import AWSTestSupport
import Foundation
import JSONText
import KafkaTestSupport
import SeededNumbers
import Testing

@testable import AWSServices

/// The token beside the one that AWS's own library for Python makes at the same instant.
@Suite(.ownThread) struct MSKAuthTokenTests {
    private static let program = """
        import datetime, json, sys
        import botocore.auth, botocore.credentials
        from aws_msk_iam_sasl_signer import MSKAuthTokenProvider as signer
        class Given(botocore.credentials.CredentialProvider):
            def __init__(self, case):
                self.case = case
            def load(self):
                return botocore.credentials.Credentials(self.case["key"], self.case["secret"], self.case.get("token"))
        for case in json.load(sys.stdin):
            now = datetime.datetime.fromtimestamp(case["time"], datetime.timezone.utc).replace(tzinfo=None)
            botocore.auth.get_current_datetime = lambda remove_tzinfo=True: now
            token, end = signer.generate_auth_token_from_credentials_provider(case["region"], Given(case))
            print(token, end, signer.__get_user_agent__())
        """

    @Test(
        "equal to that of aws-msk-iam-sasl-signer-python, byte for byte",
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)")
    )
    func peer() throws {
        var generator = SeededGenerator(seed: 7)
        let cases = (0..<40).map { number in
            var object: [String: Any] = [
                "key": "AKID\(number)", "secret": "s/+=\(UInt64.random(in: 0...(.max), using: &generator))",
                "region": ["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"][number % 4],
                "time": Int64.random(in: 1_000_000_000..<2_000_000_000, using: &generator),
            ]
            if number % 3 > 0 { object["token"] = "t//+==\(number)~ü" }
            return object
        }
        let input = String(decoding: try JSONSerialization.data(withJSONObject: cases), as: UTF8.self)
        let run = try PythonPeers.run(Self.program, input: input)
        let lines = run.output.split(separator: "\n")
        try #require(lines.count == cases.count, "\(run.errors)")
        for (object, line) in zip(cases, lines) {
            let parts = line.split(separator: " ").map(String.init)
            let ours = MSKAuthToken(
                region: object["region"] as? String ?? "",
                credentials: AWSCredentials(
                    accessKeyID: object["key"] as? String ?? "",
                    secretAccessKey: object["secret"] as? String ?? "",
                    sessionToken: object["token"] as? String
                ),
                now: (object["time"] as? Int64 ?? 0) * 1000 + 321,
                userAgent: parts[2]
            )
            #expect(ours.value == parts[0])
            #expect(ours.expiryMilliseconds == Int64(parts[1]))
        }
    }

    @Test("a token says what it asks for, for how long, and ends with the name of this program")
    func content() throws {
        let token = MSKAuthToken(
            region: "eu-west-1",
            credentials: AWSStub.credentials,
            now: 1_700_000_000_000
        )
        let padded = token.value.replacing("-", with: "+").replacing("_", with: "/")
        let text = padded + String(repeating: "=", count: (4 - padded.count % 4) % 4)
        let url = String(decoding: try Base64.decode(Array(text.utf8)), as: UTF8.self)
        #expect(
            url.hasPrefix(
                "https://kafka.eu-west-1.amazonaws.com/?Action=kafka-cluster%3AConnect&X-Amz-Algorithm="
            )
        )
        #expect(url.contains("&X-Amz-Expires=900&") && url.hasSuffix("&User-Agent=timberline"))
        #expect(token.expiryMilliseconds == 1_700_000_900_000)
    }
}
