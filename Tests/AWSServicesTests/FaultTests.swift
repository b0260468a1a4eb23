import AWSTestSupport
import HTTPServer
import HTTPTestSupport
import KafkaTestSupport
import Retries
import Telemetry
import Testing

@testable import AWSServices

/// What calls do when services fail.
@Suite(.ownThread) struct FaultTests {
    private let identity = """
        <R><GetCallerIdentityResult><Arn>a</Arn><UserId>u</UserId><Account>1</Account></GetCallerIdentityResult></R>
        """

    private func stub() throws -> AWSStub {
        try AWSStub { [identity] call in call.service == "sts" ? .xml(identity) : .json(#"{"scores": []}"#) }
    }

    @Test(
        "an endpoint that is throttled or has a fault is asked again, with growing delays",
        arguments: [
            (400, "ThrottlingException"), (400, "ProvisionedThroughputExceededException"),
            (429, "ModelNotReadyException"),
            (500, "InternalFailure"), (503, "ServiceUnavailable"), (530, "InternalDependencyException"),
            (503, "SlowDown"),
        ]
    )
    func retries(_ status: Int, _ code: String) throws {
        let stub = try stub()
        stub.inject(.refusal(status: status, code: code), .refusal(status: status, code: code))
        let record = WaitRecord()
        let client = stub.client(clock: .withoutWaiting(record))
        #expect(try client.send(SageMaker.InvokeEndpoint(endpointName: "e", body: [])).body.count == 14)
        #expect(stub.calls.count == 3)
        let bound: Duration =
            code.contains("Throttl") || status == 429 || code.contains("Through") || code == "SlowDown"
            ? .milliseconds(800) : .milliseconds(200)
        #expect(record.waits.count == 2 && record.waits.allSatisfy { $0 <= bound })
    }

    @Test(
        "what would fail again is not tried again, and its error says what the service said",
        arguments: [
            (400, "ValidationException", AWSError.Code.refused),
            (404, "ResourceNotFoundException", .notFound),
            (403, "AccessDeniedException", .accessDenied), (403, "SignatureDoesNotMatch", .accessDenied),
            (400, "ConditionalCheckFailedException", .conditionFailed),
        ]
    )
    func refusals(_ status: Int, _ code: String, _ expected: AWSError.Code) throws {
        let stub = try stub()
        stub.inject(.refusal(status: status, code: code))
        let error = #expect(throws: AWSError.self) {
            try stub.client().send(DynamoDB.PutItem(tableName: "t", item: [:]))
        }
        #expect(error?.code == expected && error?.status == status && error?.errorCode == code)
        #expect(error?.message == "dynamodb PutItem: \(code) (injected)" && error?.isRetriable == false)
        #expect(stub.calls.count == 1)
    }

    @Test("a model's own fault is tried again, its refusal is not")
    func modelErrors() throws {
        func answer(_ status: Int) -> HTTPResponse {
            .json(
                #"{"OriginalStatusCode": \#(status), "OriginalMessage": "out of memory", "LogStreamArn": "x"}"#
            )
        }
        for (status, count) in [(500, 2), (400, 1)] {
            let stub = try stub()
            var response = answer(status)
            response.status = 424
            response.headers.add("x-amzn-ErrorType", "ModelError")
            stub.inject(.answer(response))
            let result = Result {
                try stub.client().send(SageMaker.InvokeEndpoint(endpointName: "e", body: []))
            }
            #expect(stub.calls.count == count)
            if count == 1 {
                #expect(throws: AWSError.self) { try result.get() }
            }
        }
    }

    @Test("patience ends after the attempts of the policy, at its deadline, and without budget")
    func patience() throws {
        func attempts(_ change: (inout AWSClient.Settings) -> Void) throws -> Int {
            let stub = try stub()
            for _ in 0..<20 { stub.inject(.refusal(status: 500, code: "InternalFailure")) }
            var settings = AWSStub.quickSettings
            change(&settings)
            let error = #expect(throws: AWSError.self) {
                try stub.client(settings).send(STS.GetCallerIdentity())
            }
            #expect(error?.code == .serverFault && error?.isRetriable == true)
            return stub.calls.count
        }
        #expect(try attempts { _ in } == 5)
        #expect(try attempts { $0.retries = RetryPolicy(maximumAttempts: 3, deadline: nil) } == 3)
        #expect(try attempts { $0.retries = RetryPolicy(maximumAttempts: nil, deadline: .zero) } <= 2)
        #expect(try attempts { $0.budget = RetryBudget(capacity: 1, earning: 0) } == 2)
    }

    @Test("no attempt outlasts the time that a call is given, and none begins later")
    func deadline() throws {
        let stub = try stub()
        stub.inject(.delay(.seconds(3)), .delay(.seconds(3)))
        let start = ContinuousClock.now
        let error = #expect(throws: AWSError.self) {
            try stub.client(clock: .system).send(STS.GetCallerIdentity(), within: .milliseconds(300))
        }
        #expect(error?.code == .timedOut && error?.isRetriable == true)
        #expect(ContinuousClock.now - start < .seconds(3))
        #expect(throws: AWSError.self) { try stub.client().send(STS.GetCallerIdentity(), within: .zero) }
        #expect(stub.calls.count == 1)
    }

    @Test("an endpoint that is silent is asked again after the time-out")
    func timeouts() throws {
        let stub = try stub()
        stub.inject(.delay(.seconds(2)))
        var call = SageMaker.InvokeEndpoint(endpointName: "e", body: [])
        call.timeout = .milliseconds(200)
        #expect(try stub.client().send(call).body.count == 14)
        #expect(stub.calls.count == 2)
    }

    @Test("a connection that is reset on the way is made again")
    func resets() throws {
        let stub = try stub()
        let relay = try FaultyRelay(to: stub.port, [.reset(afterBytes: 0), .reset(afterBytes: 40)])
        let environment = AWSEnvironment(["AWS_ENDPOINT_URL": relay.url, "AWS_REGION": "eu-west-3"])
        let client = AWSClient(
            AWSStub.quickSettings,
            environment: environment,
            credentials: FixedCredentials(AWSStub.credentials),
            clock: .withoutWaiting()
        )
        #expect(try client.send(STS.GetCallerIdentity()).account == "1")
        #expect(stub.calls.count == 3 && stub.refusals == [])
    }

    @Test(
        "a clock that is wrong is seen and corrected, for later calls too",
        arguments: [-3_600_000, 7_200_000]
    )
    func skew(_ ahead: Int64) throws {
        let stub = try stub()
        let record = WaitRecord()
        let client = stub.client(clock: .withoutWaiting(record, ahead: ahead))
        #expect(try client.send(STS.GetCallerIdentity()).account == "1")
        #expect(stub.refusals.count == 1 && record.waits.isEmpty)
        _ = try client.send(S3.GetObject(S3.Place(bucket: "b", key: "k")))
        #expect(stub.refusals.count == 1)
    }

    @Test("a wrong secret is no wrong clock: refused once, and nothing of the secret is said")
    func wrongSecret() throws {
        let stub = try stub()
        let wrong = AWSCredentials(
            accessKeyID: "AKIDSTUB",
            secretAccessKey: "hidden",
            sessionToken: "stub//token=="
        )
        let error = #expect(throws: AWSError.self) {
            try stub.client(credentials: FixedCredentials(wrong)).send(STS.GetCallerIdentity())
        }
        #expect(error?.errorCode == "SignatureDoesNotMatch" && error?.code == .accessDenied)
        #expect(stub.refusals.count == 1)
        #expect(!"\(String(describing: error))".contains("hidden"))
    }

    @Test("credentials that have ended are renewed once, and the call made again")
    func expired() throws {
        let fresh = AWSCredentials(accessKeyID: "FRESH", secretAccessKey: "f")
        let stub = try AWSStub([AWSStub.credentials, fresh]) { [identity] _ in .xml(identity) }
        stub.know(
            AWSCredentials(
                accessKeyID: "AKIDSTUB",
                secretAccessKey: AWSStub.credentials.secretAccessKey,
                sessionToken: AWSStub.credentials.sessionToken,
                expiryMilliseconds: 1
            )
        )
        let source = ListedCredentials([AWSStub.credentials, fresh])
        let chain = CredentialChain([source], clock: .system, logger: .silent)
        #expect(try stub.client(credentials: chain).send(STS.GetCallerIdentity()).account == "1")
        #expect(stub.refusals.count == 1 && stub.calls.map(\.accessKey) == ["FRESH"])
        // Where nothing new comes, the error is the service's.
        let stale = CredentialChain(
            [ListedCredentials([AWSStub.credentials])],
            clock: .system,
            logger: .silent
        )
        let error = #expect(throws: AWSError.self) {
            try stub.client(credentials: stale).send(STS.GetCallerIdentity())
        }
        #expect(error?.errorCode == "ExpiredTokenException" && error?.code == .accessDenied)
    }

    /// A bucket of eu-central-1, which sends away requests that are signed for another region.
    private func distantBucket(_ status: Int, _ code: String, says region: String = "eu-central-1") throws
        -> AWSStub
    {
        try AWSStub { call in
            if call.region == "eu-central-1" {
                return HTTPResponse(headers: ["ETag": "\"1\""], body: [1, 2])
            }
            var answer = HTTPResponse.xml("<Error><Code>\(code)</Code></Error>", status: status)
            answer.headers.add("x-amz-bucket-region", region)
            return answer
        }
    }

    @Test(
        "a bucket of another region is followed there once, and found there from then on",
        arguments: [
            (301, "PermanentRedirect"), (307, "TemporaryRedirect"), (400, "AuthorizationHeaderMalformed"),
        ]
    )
    func otherRegion(_ status: Int, _ code: String) throws {
        let stub = try distantBucket(status, code)
        let client = stub.client()
        let place = S3.Place(bucket: "b", key: "k")
        #expect(try client.send(S3.GetObject(place))?.body == [1, 2])
        _ = try client.send(S3.PutObject(place, body: [3]))
        var read: [UInt8] = []
        try client.readObject(S3.Place(bucket: "c", key: "k")) { read += $0 }
        #expect(read == [1, 2])
        #expect(
            stub.calls.map(\.region) == [
                "eu-west-3", "eu-central-1", "eu-central-1", "eu-west-3", "eu-central-1",
            ]
        )
    }

    @Test("a bucket that is sent away again, or that nobody says the region of, is an error")
    func lostBucket() throws {
        let stub = try distantBucket(301, "PermanentRedirect", says: "sa-east-1")
        let error = #expect(throws: AWSError.self) {
            try stub.client().send(S3.GetObject(S3.Place(bucket: "b", key: "k")))
        }
        #expect(stub.calls.map(\.region) == ["eu-west-3", "sa-east-1"])
        #expect(error?.message.contains("the bucket is in sa-east-1") == true && error?.isRetriable == false)
        let silent = try AWSStub { _ in .xml("<Error><Code>PermanentRedirect</Code></Error>", status: 301) }
        #expect(throws: AWSError.self) {
            try silent.client().send(S3.GetObject(S3.Place(bucket: "b", key: "k")))
        }
        #expect(silent.calls.count == 1)
    }

    @Test("when the time that is left is over, calls end, also between two attempts; until more is given")
    func timeLeft() throws {
        let stub = try stub()
        let client = stub.client()
        client.setTimeLeft(.milliseconds(300))
        stub.inject(.delay(.seconds(2)))
        #expect(throws: AWSError.self) {
            try client.send(SageMaker.InvokeEndpoint(endpointName: "e", body: []))
        }
        client.setTimeLeft(.zero)
        let error = #expect(throws: AWSError.self) {
            try client.send(SageMaker.InvokeEndpoint(endpointName: "e", body: []))
        }
        #expect(error?.code == .timedOut && stub.calls.count == 1)
        client.setTimeLeft(nil)
        _ = try client.send(SageMaker.InvokeEndpoint(endpointName: "e", body: []))
    }

    @Test(
        "a condition of S3's that is not met is told apart from somebody else's writing, which is tried again"
    )
    func conditions() throws {
        let stub = try AWSStub { _ in HTTPResponse(headers: ["ETag": "\"new\""]) }
        func failure(_ status: Int, _ code: String) -> AWSStub.Fault {
            .answer(.xml("<Error><Code>\(code)</Code></Error>", status: status))
        }
        stub.inject(failure(409, "ConditionalRequestConflict"), failure(412, "PreconditionFailed"))
        let put = S3.PutObject(
            S3.Place(bucket: "b", key: "k"),
            body: [1],
            condition: .unchanged(entityTag: "\"old\"")
        )
        let error = #expect(throws: AWSError.self) { try stub.client().send(put) }
        #expect(error?.code == .conditionFailed && error?.status == 412 && error?.isRetriable == false)
        #expect(stub.calls.count == 2 && stub.calls[0].request.headers["If-Match"] == "\"old\"")
    }

    @Test(
        "an answer that is none of the service's is an error, not a success",
        arguments: ["", "[]", "<html/>", "{}"]
    )
    func strangeAnswers(_ text: String) throws {
        let stub = try AWSStub { _ in .json(text) }
        let error = #expect(throws: AWSError.self) {
            try stub.client().send(
                Kinesis.PutRecords(stream: "s", records: [.init(data: [1], partitionKey: "k")])
            )
        }
        #expect(error?.code == .invalidAnswer)
        #expect(throws: AWSError.self) { try stub.client().send(STS.GetCallerIdentity()) }
    }
}

/// Gives one after the other, and the last one always.
final class ListedCredentials: CredentialSource {
    private let rest: Locked<[AWSCredentials]>

    init(_ list: [AWSCredentials]) {
        rest = Locked(list)
    }

    var name: String { "list" }

    func load() -> AWSCredentials? {
        rest.withLock { rest in rest.count > 1 ? rest.removeFirst() : rest.first }
    }
}
