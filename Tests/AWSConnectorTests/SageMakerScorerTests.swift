import AWSServices
import AWSTestSupport
import AnomalyDetection
import DetectionPipeline
import Foundation
import HTTPServer
import KafkaTestSupport
import LogRecords
import Retries
import Telemetry
import Testing

@testable import AWSConnector

@Suite("A model behind a SageMaker endpoint", .ownThread)
struct SageMakerScorerTests {
    static let rows: [[Double]] = [[1.5, 16, 14, 23], [-2, 100.2, 15.2, 9.2]]

    /// An endpoint that scores a row by its first value, and refuses a row that begins with 666.
    static func stub(objects: Bool = true) throws -> AWSStub {
        try AWSStub { call in
            guard let rows = Self.rows(of: call.request.body),
                call.operation == "POST /endpoints/rcf-1/invocations"
            else { return .fault(400, "ValidationError", "an endpoint or a body that is not known") }
            if rows.contains(where: { $0[0] == 666 }) { return Self.modelError(400) }
            let scores = rows.map { objects ? "{\"score\":\($0[0])}" : "\($0[0])" }
            return .json("{\"scores\":[\(scores.joined(separator: ","))]}")
        }
    }

    /// The rows of a body in any of the three forms.
    static func rows(of body: [UInt8]) -> [[Double]]? {
        guard let json = try? JSONSerialization.jsonObject(with: Data(body)) else {
            let lines = String(decoding: body, as: UTF8.self).split(separator: "\n")
            return lines.map { $0.split(separator: ",").compactMap { Double($0) } }
        }
        if let rows = json as? [[Double]] { return rows }
        let instances = (json as? [String: Any])?["instances"] as? [[String: [Double]]]
        return instances?.compactMap { $0["features"] }
    }

    static func modelError(_ status: Int) -> HTTPResponse {
        HTTPResponse(
            status: 424,
            headers: ["x-amzn-ErrorType": "ModelError", "Content-Type": "application/json"],
            body: Array(
                #"{"OriginalStatusCode":\#(status),"OriginalMessage":"no","Message":"from primary"}"#.utf8
            )
        )
    }

    static func scorer(_ client: AWSClient, _ change: (inout SageMakerScorer.Settings) -> Void = { _ in })
        -> SageMakerScorer
    {
        var settings = SageMakerScorer.Settings(endpointName: "rcf-1")
        change(&settings)
        return SageMakerScorer(client, settings)
    }

    /// One try.
    static func impatient(_ stub: AWSStub) -> AWSClient {
        var settings = AWSStub.quickSettings
        settings.retries.maximumAttempts = 1
        return stub.client(settings)
    }

    @Test(
        "gets rows in each form, and its scores are read as numbers and as objects",
        arguments: [true, false]
    )
    func forms(_ objects: Bool) throws {
        let stub = try Self.stub(objects: objects)
        for form in SageMakerRequestForm.allCases {
            let scorer = Self.scorer(stub.client()) { $0.form = form }
            #expect(try scorer.score(Self.rows[...]) == [1.5, -2])
        }
        #expect(stub.refusals == [])
        let bodies = stub.calls.map(\.body)
        #expect(bodies[0] == #"{"instances":[{"features":[1.5,16,14,23]},{"features":[-2,100.2,15.2,9.2]}]}"#)
        #expect(bodies[1] == "1.5,16.0,14.0,23.0\n-2.0,100.2,15.2,9.2\n")
        #expect(bodies[2] == "[[1.5,16,14,23],[-2,100.2,15.2,9.2]]")
        let types = stub.calls.map { $0.request.headers["Content-Type"] }
        #expect(types == ["application/json", "text/csv", "application/json"])
    }

    @Test("gets as many rows in a call as their number and their bytes allow, and at least one")
    func limits() throws {
        let stub = try Self.stub()
        let many = Array(repeating: Array(repeating: -1.2345678901234567e-300, count: 12), count: 1_000)
        for form in SageMakerRequestForm.allCases {
            let scorer = Self.scorer(stub.client()) {
                $0.form = form
                $0.rowLimit = 400
                $0.byteLimit = 20_000
            }
            let size = scorer.callSize(many[...])
            #expect((40...400).contains(size))
            #expect(form.body(many[..<size]).count <= 20_000)
            let narrow = Self.scorer(stub.client()) { $0.byteLimit = 10 }
            #expect(narrow.callSize(many[...]) == 1)
        }
        #expect(Self.scorer(stub.client()) { $0.rowLimit = 400 }.callSize(many[...]) == 400)
        #expect(Self.scorer(stub.client()) { $0.rowLimit = 400 }.callSize(many[..<3]) == 3)
    }

    private func kind(_ scorer: SageMakerScorer, _ rows: [[Double]] = Self.rows) -> FailureKind? {
        do {
            _ = try scorer.score(rows[...])
            return nil
        } catch {
            return (error as? any ClassifiedError)?.failureKind
        }
    }

    @Test("that is throttled, has a fault or is late is tried again, and then counts as down")
    func transient() throws {
        let stub = try Self.stub()
        let scorer = Self.scorer(stub.client())
        stub.inject(
            .refusal(status: 400, code: "ThrottlingException"),
            .refusal(status: 503, code: "ServiceUnavailable"),
            .answer(Self.modelError(500))
        )
        #expect(try scorer.score(Self.rows[...]) == [1.5, -2])
        #expect(stub.calls.count == 4)
        let impatient = Self.scorer(Self.impatient(stub)) { $0.timeout = .milliseconds(300) }
        let faults: [AWSStub.Fault] = [
            .refusal(status: 429, code: "ModelNotReadyException"),
            .refusal(status: 500, code: "InternalFailure"),
            .answer(Self.modelError(503)), .delay(.seconds(2)),
        ]
        for fault in faults {
            stub.inject(fault)
            #expect(kind(impatient) == .transient)
        }
        #expect(kind(impatient) == nil)
    }

    @Test(
        "that is not there, or forbids the call, holds the rows back; what the model refuses is the rows' doing"
    )
    func kinds() throws {
        let stub = try Self.stub()
        let scorer = Self.scorer(stub.client())
        stub.inject(.refusal(status: 400, code: "ValidationError"))
        #expect(kind(scorer) == .transient)
        stub.inject(.refusal(status: 403, code: "AccessDeniedException"))
        #expect(kind(scorer) == .transient)
        #expect(kind(scorer, [[1], [666]]) == .poison)
        stub.inject(.answer(Self.modelError(413)))
        #expect(kind(scorer) == .poison)
        for (answer, expected) in [
            (#"{"scores":[1]}"#, FailureKind.permanent), (#"{"predictions":[1,2]}"#, .permanent),
            ("oops", .permanent), (#"{"scores":[1,null]}"#, .poison),
            (#"{"scores":[{"score":1},{}]}"#, .poison),
        ] {
            stub.inject(.answer(.json(answer)))
            #expect(kind(scorer) == expected, "\(answer)")
        }
    }

    /// A pipeline over records of which the model refuses one.
    private func run(_ scorer: any RowScorer, _ lines: [String]) throws -> (PipelineProgress, KeepingSink) {
        var settings = PipelineSettings()
        settings.reportsAll = true
        settings.format = .log(.json)
        settings.features = ["a", "b"].map {
            Feature(name: $0, source: .field($0), transform: .identity, isNormalized: false)
        }
        settings.detector.threshold = .fixed(3)
        settings.retries = RetryPolicy(maximumAttempts: nil, deadline: nil)
        settings.retries.initialDelay = .milliseconds(1)
        settings.retries.maximumDelay = .milliseconds(10)
        let sink = KeepingSink()
        let pipeline = Pipeline(
            source: OneBatch(lines),
            scorer: scorer,
            sinks: [sink],
            deadLetters: sink,
            settings: settings
        )
        return (try pipeline.run(), sink)
    }

    @Test(
        "with throttling, faults and lost time under several calls at once, every record is scored once, in order"
    )
    func pipeline() throws {
        let stub = try Self.stub()
        let lines = (0..<500).map { $0 == 123 ? #"{"a":666,"b":1}"# : #"{"a":\#($0 % 7),"b":\#($0)}"# }
        stub.inject(
            .refusal(status: 400, code: "ThrottlingException"),
            .refusal(status: 500, code: "InternalFailure"),
            .delay(.milliseconds(200)),
            .answer(Self.modelError(503)),
            .delay(.seconds(2))
        )
        let scorer = Self.scorer(Self.impatient(stub)) {
            $0.rowLimit = 30
            $0.concurrency = 5
            $0.timeout = .seconds(1)
        }
        let (progress, sink) = try run(scorer, lines)
        #expect(progress.counts.scored == 499 && progress.counts.failed == 1)
        #expect(progress.retries > 0 && progress.stall == nil)
        #expect(sink.records.map(\.identity.offset) == (0..<500).filter { $0 != 123 })
        #expect(sink.records.allSatisfy { $0.verdict.score == Double($0.identity.offset % 7) })
        #expect(sink.letters.map(\.identity.offset) == [123])
        #expect(stub.calls.allSatisfy { (Self.rows(of: $0.request.body)?.count ?? 0) <= 30 })
    }

    @Test(
        "moto's endpoint answers with what it was told",
        .enabled(if: MotoServer.isAvailable, "\(MotoServer.absence)")
    )
    func moto() throws {
        let moto = try MotoServer.shared()
        let _: Bool = try moto.boto(
            """
            import urllib.request
            body = json.dumps({"results": [
                {"Body": json.dumps({"scores": [{"score": 0.5}, {"score": 4.25}]}), "ContentType": "application/json"},
                {"Body": json.dumps({"scores": [7.5]}), "ContentType": "application/json"}]}).encode()
            urllib.request.urlopen(urllib.request.Request("\(moto.url)/moto-api/static/sagemaker/endpoint-results",
                data=body, headers={"Content-Type": "application/json"})).read()
            print("true")
            """
        )
        let scorer = Self.scorer(moto.client()) {
            $0.rowLimit = 2
            $0.concurrency = 1
        }
        let (progress, sink) = try run(scorer, (0..<3).map { #"{"a":\#($0),"b":1}"# })
        #expect(progress.counts.scored == 3 && progress.counts.anomalous == 2)
        #expect(sink.records.map(\.verdict.score) == [0.5, 4.25, 7.5])
    }
}
