import AWSServices
import AWSTestSupport
import AnomalyDetection
import AnomalyStore
import DetectionPipeline
import Foundation
import HTTPServer
import HTTPTestSupport
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// `timberline run` with a model behind an endpoint, and with actions.
@Suite(.ownThread) struct AWSRunTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// Scores a row by its duration, the first value; the size, the second, has to be there.
    private static func endpoint() throws -> AWSStub {
        try AWSStub { call in
            let json = try? JSONSerialization.jsonObject(with: Data(call.request.body)) as? [[Double]]
            guard call.operation == "POST /endpoints/rcf/invocations", let rows = json,
                rows.allSatisfy({ $0.count == 2 && $0[1] >= 800 })
            else { return .fault(400, "ValidationError", "not as it should be") }
            let scores = rows.map { "\($0[0] > 1_000 ? 4.5 : 0.5 + $0[0] / 1_000)" }
            return .json("{\"scores\":[\(scores.joined(separator: ","))]}")
        }
    }

    /// One configuration for a run that scores outside and stores, sends and posts.
    private func configuration(_ more: String = "") throws -> String {
        try scratch.write(
            "timberline.yaml",
            """
            scorer: sagemaker
            sagemaker: {endpoint: rcf, request: bare, batch-records: 40, concurrency: 3, timeout: 5s}
            detection:
              by: service
              threshold: 3.0
              features:
                - {field: duration_ms, transform: none}
                - {field: bytes, transform: none}
            format: json
            store: {path: \(scratch.path("store.db"))}
            dead-letters: {file: \(scratch.path("dead.jsonl"))}
            \(more)
            """
        )
    }

    private func run(_ cluster: TestCluster, _ topic: String, _ path: String, environment: [String: String])
        throws
        -> RunningProgram
    {
        try scratch.start(
            [
                "run", "--config", path, "--brokers", cluster.brokers, "--topic", topic, "--start",
                "earliest",
                "--group", cluster.uniqueName("group"), "--exit-at-end", "--log-level", "info",
            ],
            environment: environment
        )
    }

    @Test("a log's rows as train takes them are those that run sends: serve scores them for run")
    func ownEndpoint() throws {
        let log = SampleLog(count: 400, services: 2)
        try scratch.write("history.log", SampleLog(count: 800, seed: 3).text)
        try scratch.write(
            "features.yaml",
            "detection: {features: [{field: duration_ms, transform: none}, {field: bytes, transform: none}]}"
        )
        let training = try scratch.run(
            [
                "train", "--input", scratch.path("history.log"), "--config", scratch.path("features.yaml"),
                "--output", scratch.path("model"),
            ]
        )
        #expect(training.code == .success, "\(training)")
        let endpoint = try EndpointProgram(
            scratch,
            ["--port", "0", "--model", "rcf=\(scratch.path("model"))"]
        )
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        try cluster.produce(log.lines, to: topic, partition: 0)
        let program = try run(
            cluster,
            topic,
            configuration(),
            environment: [
                "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": "http://127.0.0.1:\(endpoint.port)",
                "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
                "AWS_EC2_METADATA_DISABLED": "true",
            ]
        )
        #expect(program.wait(120) == 0, "\(program.errors)")
        var anomalies: [Int64] = []
        try AnomalyStoreReader(path: scratch.path("store.db")).forEach(AnomalyQuery()) { record in
            anomalies.append(record.identity.offset)
        }
        #expect(anomalies == [Int64(log.odd)])
        let metrics = try httpGet("/metrics", port: endpoint.port).body
        #expect(metrics.contains("timberline_endpoint_rows_total{endpoint=\"rcf\"} 400\n"))
    }

    @Test(
        "scores by an endpoint that fails at times, and stores, sends and posts each record that each action wants",
        .enabled(if: MotoServer.isAvailable, "\(MotoServer.absence)")
    )
    func everything() throws {
        let moto = try MotoServer.shared()
        let (endpoint, webhook) = (try Self.endpoint(), try HTTPStub())
        endpoint.know(.init(accessKeyID: "AKIDMOTO", secretAccessKey: "secret", sessionToken: nil))
        endpoint.inject(
            .refusal(status: 400, code: "ThrottlingException"),
            .refusal(status: 500, code: "InternalFailure"),
            .refusal(status: 503, code: "ServiceUnavailable"),
            .refusal(status: 503, code: "ServiceUnavailable"),
            .refusal(status: 503, code: "ServiceUnavailable"),
            .refusal(status: 503, code: "ServiceUnavailable")
        )
        let name = "t-\(UUID().uuidString)"
        // Of the topic's alerts boto3 reads what a subscribed queue gets.
        let places: [String] = try moto.boto(
            """
            client("dynamodb").create_table(TableName="\(name)", BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk", "tpk")],
                GlobalSecondaryIndexes=[{"IndexName": "by-time", "Projection": {"ProjectionType": "ALL"},
                    "KeySchema": [{"AttributeName": "tpk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]}])
            queues = [client("sqs").create_queue(QueueName="\(name)" + end)["QueueUrl"] for end in ("", "-alerts")]
            topic = client("sns").create_topic(Name="\(name)")["TopicArn"]
            alerts = client("sqs").get_queue_attributes(QueueUrl=queues[1], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=alerts)
            print(json.dumps(queues + [topic]))
            """
        )
        let (queue, alerts, alertTopic) = (places[0], places[1], places[2])
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        let log = SampleLog(count: 400, services: 2)
        try cluster.produce(log.lines, to: topic, partition: 0)
        let path = try configuration(
            """
            dynamodb: {table: \(name), store: all}
            sqs: {queue-url: "\(queue)"}
            sns: {topic-arn: "\(alertTopic)"}
            webhook: {url: "\(webhook.url)", minimum-score: 0.55}
            log: {records: anomalies}
            metrics: {namespace: LogAnomaly}
            """
        )
        var environment = moto.variables
        environment["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"] = endpoint.url
        let program = try run(cluster, topic, path, environment: environment)
        #expect(program.wait(120) == 0, "\(program.errors)")
        #expect(endpoint.refusals == [])
        #expect(program.errors.contains("Anomaly detected: 4.5"))
        #expect(program.errors.contains("Log successfully written to DynamoDB"))
        let metrics = try program.errors.split(separator: "\n").filter { $0.hasPrefix(#"{"_aws""#) }.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(metrics.compactMap { $0["RecordsProcessed"] as? Int }.reduce(0, +) == 400)
        #expect(metrics.compactMap { $0["Anomalies"] as? Int }.reduce(0, +) == 1)

        // The store and the output get the anomaly alone.
        var query = AnomalyQuery()
        query.includesNormal = true
        var stored: [ScoredRecord] = []
        try AnomalyStoreReader(path: scratch.path("store.db")).forEach(query) { stored.append($0) }
        #expect(stored.map(\.identity.offset) == [Int64(log.odd)])
        #expect(program.output.split(separator: "\n").count == 1)
        let counts: [Int] = try moto.boto(
            """
            table = client("dynamodb").scan(TableName="\(name)", Select="COUNT")["Count"]
            batch = client("sqs").receive_message(QueueUrl="\(queue)", MaxNumberOfMessages=10).get("Messages", [])
            print(json.dumps([table, len(batch)]))
            """
        )
        #expect(counts == [400, 1])
        struct Alert: Decodable {
            var subject: String
            var entity: String
            var offset: Int64
        }
        let sent: [Alert] = try moto.boto(
            """
            messages = client("sqs").receive_message(QueueUrl="\(alerts)", MaxNumberOfMessages=10).get("Messages", [])
            notes = [json.loads(m["Body"]) for m in messages]
            print(json.dumps([{"subject": n["Subject"], "entity": n["MessageAttributes"]["entity"]["Value"],
                "offset": json.loads(n["Message"])["source"]["offset"]} for n in notes]))
            """
        )
        #expect(sent.map(\.offset) == [Int64(log.odd)])
        #expect(sent.first?.subject == "Anomaly detected: 4.5 (\(stored.first?.verdict.entity ?? ""))")
        #expect(sent.first?.entity == stored.first?.verdict.entity)
        let slow = log.lines.filter { line in
            line.firstMatch(of: /"duration_ms":(\d+)/).flatMap { Int($0.1) }.map { $0 >= 50 } ?? false
        }
        let posted = webhook.requests.reduce(0) { $0 + $1.body.matches(of: /"id":"/).count }
        #expect(posted == slow.count)

        // And out of the table again.
        func anomalies(_ more: [String]) throws -> [String] {
            let arguments = ["anomalies", "--store", "dynamodb", "--table", name, "--output", "json"] + more
            let result = try scratch.run(arguments, environment: moto.variables)
            #expect(result.code == .success, "\(result.errors)")
            return result.lines
        }
        let service = try #require(stored.first?.verdict.entity)
        let range = ["--since", "2024-05-01T10:00:00Z", "--until", "2024-05-01T10:30:00Z"]
        #expect(try anomalies(["--entity", service] + range) == stored.map(ScoredRecordJSON.line))
        #expect(try anomalies(range).count == 1)
        let newest = try anomalies(["--entity", service, "--all", "--limit", "5"] + range)
        #expect(newest.count == 5 && newest == newest.sorted())
    }

    @Test("an endpoint that is down pauses the run with a word; nothing is lost by it")
    func outage() throws {
        let endpoint = try Self.endpoint()
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        try cluster.produce(SampleLog(count: 300).lines, to: topic, partition: 0)
        for _ in 0..<12 { endpoint.inject(.refusal(status: 503, code: "ServiceUnavailable")) }
        let credentials = AWSStub.credentials
        let program = try run(
            cluster,
            topic,
            configuration("log: {records: all}"),
            environment: [
                "AWS_ENDPOINT_URL": endpoint.url, "AWS_REGION": "eu-west-3",
                "AWS_ACCESS_KEY_ID": credentials.accessKeyID,
                "AWS_SECRET_ACCESS_KEY": credentials.secretAccessKey,
                "AWS_SESSION_TOKEN": credentials.sessionToken ?? "",
            ]
        )
        #expect(program.wait(120) == 0, "\(program.errors)")
        #expect(program.errors.contains("sink_failed") && program.errors.contains("sink_recovered"))
        #expect(program.errors.matches(of: /Normal log data:/).count == 299)
        #expect(program.errors.matches(of: /Anomaly detected: 4.5/).count == 1)
        #expect(endpoint.calls.allSatisfy { $0.service == "sagemaker" })
    }

    @Test("settings that do not go together are refused before anything begins")
    func refused() throws {
        let common = ["check", "--brokers", "localhost:1", "--topic", "t", "--scorer", "sagemaker"]
        func message(_ text: String, _ more: [String] = []) throws -> String {
            let path = try scratch.write("check.yaml", text)
            let result = try scratch.run([common[0], path] + common[1...] + more)
            #expect(result.code == .invalidConfiguration)
            return result.errors
        }
        #expect(try message("format: json").contains("sagemaker.endpoint"))
        let endpoint = ["--sagemaker-endpoint", "rcf"]
        #expect(try message("format: json", endpoint).contains("transform: none"))
        let normalized = "detection: {features: [{field: a}]}"
        #expect(try message(normalized, endpoint).contains("transform: none"))
        let raw = "detection: {features: [{field: a, transform: none}]}"
        #expect(try message(raw, endpoint + ["--warm-up", "x.log"]).contains("warm-up"))
        #expect(try message("webhook: {url: ftp://x}\n" + raw, endpoint).contains("http://"))
        let path = try scratch.write("good.yaml", raw)
        #expect(try scratch.run(["check", path] + common[1...] + endpoint).code == .success)
        #expect(try scratch.run(["anomalies", "--store", "dynamodb"]).code == .usage)
    }
}
