import AWSConnector
import AWSServices
import AWSTestSupport
import DetectionPipeline
import HTTPServer
import JSONText
import KafkaTestSupport
import LambdaFunction
import LambdaRuntime
import Synchronization
import Telemetry
import Testing

/// Nothing is lost, and no anomaly is told twice, whatever AWS's services do meanwhile.
@Suite("A function whose services fail", .ownThread)
struct CloudFailureTests {
    private let event = Cloud.event([0: 0..<60])

    /// All records are stored with their scores, and each anomaly was alerted once.
    private func expectAll(_ cloud: Cloud, _ count: Int = 60, writtenOnce: Bool = true) {
        let now = cloud.now
        #expect(now.items.count == count)
        #expect(now.items.values.filter { $0 == 7 }.count == count / 10)
        #expect(now.items.values.filter { $0 == 1 }.count == count - count / 10)
        #expect(now.alerts.count == count / 10 && now.alerts.values.allSatisfy { $0 == 1 })
        if writtenOnce { #expect(now.writeCounts.values.allSatisfy { $0 == 1 }) }
    }

    private func expectNothing(_ cloud: Cloud) {
        #expect(cloud.now.items.isEmpty && cloud.now.alerts.isEmpty && cloud.now.objects.isEmpty)
    }

    @Test(
        "an endpoint that throttles or has a fault is asked again; where that does not help, the batch fails and comes again",
        arguments: [
            (400, "ThrottlingException"), (429, "ModelNotReadyException"), (500, "InternalFailure"),
            (503, "ServiceUnavailable"), (530, "InternalDependencyException"),
        ]
    )
    func endpoint(_ status: Int, _ code: String) throws {
        let cloud = try Cloud()
        let environment = cloud.environment(cloud.client())
        cloud.fail("sagemaker", [.refusal(status, code), .refusal(status, code)])
        let error = #expect(throws: FunctionError.self) { try environment.answer(event) }
        #expect(error?.message.contains(code) == true)
        expectNothing(cloud)
        cloud.fail("sagemaker", [.refusal(status, code)])
        #expect(try environment.answer(event) == success)
        expectAll(cloud)
    }

    @Test("an endpoint that is late is waited for; one that is too late is asked again, then the batch fails")
    func latency() throws {
        let cloud = try Cloud()
        let environment = cloud.environment(cloud.client(), timeout: .seconds(2))
        cloud.fail("sagemaker", [.delay(.seconds(5)), .delay(.seconds(5))])
        #expect(throws: FunctionError.self) { try environment.answer(event) }
        expectNothing(cloud)
        cloud.fail("sagemaker", [.delay(.seconds(5)), .delay(.milliseconds(20))])
        #expect(try environment.answer(event) == success)
        expectAll(cloud)
    }

    @Test("calls end before the function's own time does, so that it can say what is not done")
    func deadline() throws {
        let cloud = try Cloud()
        let environment = cloud.environment(cloud.client(attempts: 100, clock: .system), isPartial: true)
        cloud.fail("sagemaker", Array(repeating: .refusal(503, "ServiceUnavailable"), count: 90))
        let answer = try environment.answer(event, deadline: wallClockMilliseconds() + 1_800)
        #expect(answer == #"{"batchItemFailures":[{"itemIdentifier":{"partition":"t-0","offset":0}}]}"#)
        #expect(cloud.stub.calls.count < 50)
        expectNothing(cloud)
        cloud.mend("sagemaker")
        #expect(try environment.answer(event) == success)
        expectAll(cloud)
    }

    @Test("a throttled table takes what it can; the rest comes again, in the same call or with the batch")
    func throttledTable() throws {
        let cloud = try Cloud()
        let environment = cloud.environment(cloud.client())
        cloud.fail(
            "dynamodb",
            [
                .share(3), .refusal(400, "ThrottlingException"),
                .refusal(400, "ProvisionedThroughputExceededException"),
            ]
        )
        #expect(throws: FunctionError.self) { try environment.answer(event) }
        #expect(cloud.now.items.count == 3 && cloud.now.alerts.isEmpty && cloud.now.objects.isEmpty)
        cloud.fail("dynamodb", [.share(10), .share(1), .share(20)])
        #expect(try environment.answer(event) == success)
        expectAll(cloud)
    }

    @Test("what a table took before the environment ended is written again, as the same items")
    func otherEnvironment() throws {
        let cloud = try Cloud()
        cloud.fail("dynamodb", [.share(3), .share(0), .share(0)])
        #expect(throws: FunctionError.self) { try cloud.environment(cloud.client()).answer(event) }
        #expect(try cloud.environment(cloud.client()).answer(event) == success)
        expectAll(cloud, writtenOnce: false)
    }

    @Test("of a half-failed batch of alerts the other half is not told again")
    func halfFailedAlerts() throws {
        let cloud = try Cloud()
        let environment = cloud.environment(cloud.client())
        cloud.fail("sns", [.share(2), .share(0), .share(0)])
        #expect(throws: FunctionError.self) { try environment.answer(event) }
        #expect(cloud.now.alerts.count == 2)
        #expect(try environment.answer(event) == success)
        expectAll(cloud, writtenOnce: false)
    }

    @Test("of two partitions the one that failed is reported, and comes again alone")
    func halfFailedBatch() throws {
        let cloud = try Cloud()
        let environment = cloud.environment(cloud.client(), isPartial: true)
        let both = Cloud.event([0: 0..<60, 1: 100..<160])
        cloud.fail("dynamodb", Array(repeating: .refusal(500, "InternalServerError"), count: 2))
        #expect(
            try environment.answer(both)
                == #"{"batchItemFailures":[{"itemIdentifier":{"partition":"t-0","offset":0}}]}"#
        )
        expectAll(cloud)
        #expect(try environment.answer(event) == success)
        expectAll(cloud, 120)
    }

    /// Gives others when the first are refused.
    private final class Renewing: AWSCredentialsProvider {
        private let isRenewed = Atomic(false)
        private let fresh: AWSCredentials

        init(_ fresh: AWSCredentials) { self.fresh = fresh }

        func credentials() -> AWSCredentials {
            isRenewed.load(ordering: .relaxed) ? fresh : AWSStub.credentials
        }

        func drop(_ refused: AWSCredentials) -> Bool {
            isRenewed.store(true, ordering: .relaxed)
            return true
        }
    }

    @Test("with credentials that have ended nothing is done, and the batch fails; renewed ones serve at once")
    func expiredCredentials() throws {
        let fresh = AWSCredentials(accessKeyID: "FRESH", secretAccessKey: "f")
        let cloud = try Cloud([fresh])
        let old = AWSStub.credentials
        cloud.stub.know(
            AWSCredentials(
                accessKeyID: old.accessKeyID,
                secretAccessKey: old.secretAccessKey,
                sessionToken: old.sessionToken,
                expiryMilliseconds: 1
            )
        )
        let error = #expect(throws: FunctionError.self) {
            try cloud.environment(cloud.client()).answer(event)
        }
        #expect(error?.message.contains("ExpiredToken") == true)
        #expect(error?.message.contains(old.secretAccessKey) == false)
        expectNothing(cloud)
        #expect(try cloud.environment(cloud.client(credentials: Renewing(fresh))).answer(event) == success)
        expectAll(cloud)
    }

    @Test(
        "an endpoint and a table of another region are not found, and nothing is lost; a bucket is followed there"
    )
    func wrongRegion() throws {
        let cloud = try Cloud()
        for service in ["sagemaker", "dynamodb", "s3"] { cloud.move(service, to: "sa-east-1") }
        let environment = cloud.environment(cloud.client())
        let error = #expect(throws: FunctionError.self) { try environment.answer(event) }
        #expect(error?.message.contains("ResourceNotFoundException") == true)
        expectNothing(cloud)
        cloud.move("sagemaker", to: "eu-west-3")
        #expect(throws: FunctionError.self) { try environment.answer(event) }
        expectNothing(cloud)
        cloud.move("dynamodb", to: "eu-west-3")
        #expect(try environment.answer(event) == success)
        expectAll(cloud)
        #expect(cloud.now.objects.count == 1)
        #expect(
            Set(cloud.stub.calls.filter { $0.service == "s3" }.map(\.region)) == ["eu-west-3", "sa-east-1"]
        )
    }

    @Test("a clock that is wrong by twenty minutes costs one refusal", arguments: [-1_200_000, 1_200_000])
    func clockSkew(_ ahead: Int64) throws {
        let cloud = try Cloud()
        let environment = cloud.environment(cloud.client(clock: .withoutWaiting(ahead: ahead)))
        #expect(try environment.answer(event) == success)
        #expect(cloud.stub.refusals.count == 1)
        expectAll(cloud)
    }

    @Test("a checkpoint that another environment wrote first (412) is taken over: its records are duplicates")
    func lostRace() throws {
        let calm = try Cloud()
        let reference = calm.environment(calm.client(), usesEndpoint: false)
        for range in [0..<100, 100..<200] {
            #expect(try reference.answer(Events.kafka([3: Array(range)])) == success)
        }
        let cloud = try Cloud()
        let environment = cloud.environment(cloud.client(), usesEndpoint: false)
        #expect(try environment.answer(Events.kafka([3: Array(0..<100)])) == success)
        cloud.fail(
            "s3",
            [
                .turn {
                    let other = cloud.environment(cloud.client(), usesEndpoint: false)
                    _ = try other.answer(Events.kafka([3: Array(100..<150)]))
                }
            ]
        )
        #expect(try environment.answer(Events.kafka([3: Array(100..<200)])) == success)
        #expect(cloud.now.items == calm.now.items)
        #expect(cloud.now.objects == calm.now.objects)
        let conflicts = cloud.stub.calls.filter { $0.request.method == "PUT" }.count
        #expect(conflicts == 4)
    }

    @Test("an event of 7 MB is scored whole, and its checkpoint holds its last offset")
    func largeEvent() throws {
        let cloud = try Cloud()
        let environment = cloud.environment(cloud.client(), usesEndpoint: false, stores: .anomalies)
        let records = (0..<11_000).map { offset in
            let line = Lines.line(offset) + " pad=" + String(repeating: "x", count: 400)
            let value = String(decoding: Base64.encode(Array(line.utf8)), as: UTF8.self)
            return #"{"topic":"t","partition":0,"offset":\#(offset),"timestamp":1,"value":"\#(value)"}"#
        }
        let large =
            #"{"eventSource":"aws:kafka","eventSourceArn":"arn:c","records":{"t-0":[\#(records.joined(separator: ","))]}}"#
        #expect(large.utf8.count > 7_000_000)
        #expect(try environment.answer(large) == success)
        // One line in a hundred is unusual.
        #expect((90...130).contains(cloud.now.items.count))
        #expect(cloud.now.alerts.count == cloud.now.items.count)
        let writes = cloud.now.writeCounts
        #expect(try environment.answer(large) == success)
        #expect(cloud.now.writeCounts == writes)
    }
}
