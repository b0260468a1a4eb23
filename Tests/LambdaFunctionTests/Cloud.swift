import AWSConnector
import AWSServices
import AWSTestSupport
import AnomalyDetection
import DetectionPipeline
import Foundation
import HTTPServer
import JSONText
import LambdaFunction
import LambdaRuntime
import LogRecords
import Retries
import Telemetry

/// A table, a topic, an endpoint and a bucket behind a server that refuses what is not signed right, and functions on
/// them. What each was given is counted.
final class Cloud: Sendable {
    /// What goes wrong with one call of a service.
    enum Fault: Sendable {
        case refusal(Int, String)
        case delay(Duration)
        /// Of a batch only so many entries are taken.
        case share(Int)
        /// Somebody else's turn comes before.
        case turn(@Sendable () throws -> Void)
    }

    struct Contents: Sendable {
        /// Scores by key.
        var items: [String: Double] = [:]
        /// How often each was written.
        var writeCounts: [String: Int] = [:]
        /// How often each record was alerted, by its identity.
        var alerts: [String: Int] = [:]
        var objects: [String: [UInt8]] = [:]
        fileprivate var versions: [String: Int] = [:]
        fileprivate var faults: [String: [Fault]] = [:]
        /// Services that are in another region, which refuse calls for any other.
        var regions: [String: String] = [:]
    }

    private let contents: Locked<Contents>
    let stub: AWSStub

    init(_ credentials: [AWSCredentials] = [AWSStub.credentials]) throws {
        let contents = Locked(Contents())
        self.contents = contents
        stub = try AWSStub(credentials) { Self.answer($0, contents) }
    }

    var now: Contents { contents.withLock { $0 } }

    /// The next calls of a service meet these, each one.
    func fail(_ service: String, _ faults: [Fault]) {
        contents.withLock { $0.faults[service, default: []] += faults }
    }

    func mend(_ service: String) { contents.withLock { $0.faults[service] = nil } }

    func move(_ service: String, to region: String) { contents.withLock { $0.regions[service] = region } }

    private static func answer(_ call: AWSStub.Call, _ contents: Locked<Contents>) -> HTTPResponse {
        if let region = contents.withLock({ $0.regions[call.service] }), region != call.region {
            guard call.service == "s3" else { return .fault(400, "ResourceNotFoundException", "not found") }
            var answer = HTTPResponse.xml("<Error><Code>PermanentRedirect</Code></Error>", status: 301)
            answer.headers.add("x-amz-bucket-region", region)
            return answer
        }
        let fault = contents.withLock { contents -> Fault? in
            guard contents.faults[call.service]?.isEmpty == false else { return nil }
            return contents.faults[call.service]?.removeFirst()
        }
        var share = Int.max
        switch fault {
        case .refusal(let status, let code): return .fault(status, code, "injected")
        case .delay(let duration): AWSClock.system.sleep(duration)
        case .share(let count): share = count
        case .turn(let turn): try? turn()
        case nil: break
        }
        return contents.withLock { contents in
            switch call.service {
            case "sagemaker": contents.score(call)
            case "dynamodb": contents.write(call, share)
            case "sns": contents.publish(call, share)
            default: contents.object(call)
            }
        }
    }
}

extension Cloud.Contents {
    /// The endpoint scores a row by its first value.
    fileprivate func score(_ call: AWSStub.Call) -> HTTPResponse {
        let rows = (try? JSONValue(call.request.body))?.array ?? []
        let scores = rows.map { "\($0.array?.first?.double ?? .nan)" }
        return .json(#"{"scores":[\#(scores.joined(separator: ","))]}"#)
    }

    fileprivate mutating func write(_ call: AWSStub.Call, _ share: Int) -> HTTPResponse {
        let json = try? JSONSerialization.jsonObject(with: Data(call.request.body)) as? [String: Any]
        let requests = (json?["RequestItems"] as? [String: [[String: Any]]])?["t"] ?? []
        var left: [[String: Any]] = []
        for (index, request) in requests.enumerated() {
            let item = (request["PutRequest"] as? [String: [String: [String: Any]]])?["Item"] ?? [:]
            func text(_ name: String, _ type: String = "S") -> String { item[name]?[type] as? String ?? "" }
            guard index < share else {
                left.append(request)
                continue
            }
            let key = text("pk") + " " + text("sk")
            items[key] = Double(text("rcf_score", "N"))
            writeCounts[key, default: 0] += 1
        }
        let rest: [String: Any] = ["UnprocessedItems": left.isEmpty ? [:] : ["t": left]]
        let data = try? JSONSerialization.data(withJSONObject: rest)
        return .json(String(decoding: data ?? Data(), as: UTF8.self))
    }

    fileprivate mutating func publish(_ call: AWSStub.Call, _ share: Int) -> HTTPResponse {
        var (taken, failed) = ("", "")
        for pair in call.body.split(separator: "&") where pair.contains(".Message=") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            let number = Int(parts[0].split(separator: ".")[2]) ?? 0
            let id = "<member><Id>\(number - 1)</Id>"
            guard number <= share else {
                failed += id + "<Code>InternalError</Code><SenderFault>false</SenderFault></member>"
                continue
            }
            taken += id + "<MessageId>m</MessageId></member>"
            let message = try? JSONValue(Array((parts[1].removingPercentEncoding ?? "").utf8))
            alerts[message?["id"]?.string ?? "", default: 0] += 1
        }
        return .xml(
            "<R><PublishBatchResult><Successful>\(taken)</Successful><Failed>\(failed)</Failed></PublishBatchResult></R>"
        )
    }

    /// A bucket, written by compare-and-swap.
    fileprivate mutating func object(_ call: AWSStub.Call) -> HTTPResponse {
        let (key, headers) = (call.request.path, call.request.headers)
        let tag = versions[key].map { "\"\($0)\"" }
        if call.request.method == "PUT" {
            let isExpected = headers["If-None-Match"] == "*" ? tag == nil : headers["If-Match"] == tag
            guard isExpected else {
                return .xml("<Error><Code>PreconditionFailed</Code></Error>", status: 412)
            }
            objects[key] = call.request.body
            versions[key, default: 0] += 1
            return HTTPResponse(headers: ["ETag": "\"\(versions[key, default: 0])\""])
        }
        guard let bytes = objects[key], let tag else {
            return .xml("<Error><Code>NoSuchKey</Code></Error>", status: 404)
        }
        if headers["If-None-Match"] == tag { return HTTPResponse(status: 304) }
        return HTTPResponse(headers: ["ETag": tag], body: bytes)
    }
}

extension Cloud {
    /// Few tries.
    func client(
        attempts: Int = 2,
        region: String = "eu-west-3",
        credentials: any AWSCredentialsProvider = FixedCredentials(AWSStub.credentials),
        clock: AWSClock = .withoutWaiting()
    ) -> AWSClient {
        var settings = AWSStub.quickSettings
        settings.retries.maximumAttempts = attempts
        settings.region = region
        return stub.client(settings, credentials: credentials, clock: clock)
    }

    /// An environment of a function that stores all records, alerts the anomalies and saves its models.
    ///
    /// - Parameters:
    ///   - usesEndpoint: whether the endpoint scores; else forests.
    ///   - timeout: of one try of a call of the endpoint.
    func environment(
        _ client: AWSClient,
        usesEndpoint: Bool = true,
        stores: RecordSelection = .all,
        isPartial: Bool = false,
        timeout: Duration = .seconds(30)
    ) -> LambdaFunction {
        var settings = FunctionSettings()
        settings.reportsPartialBatches = isPartial
        settings.pipeline.format = .log(usesEndpoint ? .json : .logfmt)
        settings.pipeline.detector.threshold = .fixed(usesEndpoint ? 3 : 1.5)
        settings.pipeline.detector.treeCount = 20
        settings.pipeline.detector.sampleSize = 64
        if usesEndpoint {
            settings.pipeline.features = ["a", "b"].map {
                Feature(name: $0, source: .field($0), transform: .identity, isNormalized: false)
            }
        }
        var endpoint = SageMakerScorer.Settings(endpointName: "e")
        endpoint.form = .bare
        endpoint.timeout = timeout
        return LambdaFunction(
            settings,
            scorer: usesEndpoint ? SageMakerScorer(client, endpoint) : nil,
            sinks: [
                SelectingSink(DynamoDBSink(client, .init(tableName: "t")), stores),
                SelectingSink(SNSAlertSink(client, topicARN: "arn:aws:sns:eu-west-3:1:t"), .anomalies),
            ],
            deadLetters: LetterBox(),
            storage: S3Storage(client, bucket: "b"),
            logger: .silent,
            limitCalls: { client.setTimeLeft($0) }
        )
    }

    /// Records of which each tenth has the score 7, all others 1.
    static func event(_ partitions: [Int: Range<Int>]) -> String {
        let records = partitions.sorted { $0.key < $1.key }.map { partition, offsets in
            let records = offsets.map { offset in
                let line = #"{"a":\#(offset % 10 == 9 ? 7 : 1),"b":\#(offset)}"#
                let value = String(decoding: Base64.encode(Array(line.utf8)), as: UTF8.self)
                return
                    #"{"topic":"t","partition":\#(partition),"offset":\#(offset),"timestamp":1,"value":"\#(value)"}"#
            }
            return #""t-\#(partition)":[\#(records.joined(separator: ","))]"#
        }
        return
            #"{"eventSource":"aws:kafka","eventSourceArn":"arn:c","records":{\#(records.joined(separator: ","))}}"#
    }
}
