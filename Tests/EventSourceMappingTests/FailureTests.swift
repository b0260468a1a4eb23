import AWSTestSupport
import Foundation
import HTTPServer
import JSONText
import KafkaClient
import KafkaTestSupport
import LambdaRuntime
import LocalLambdaModel
import Telemetry
import Testing

@testable import EventSourceMapping

@Suite("What a function does not take", .ownThread, .serialized)
struct FailureTests {
    /// A function that fails with every event that holds one of these offsets.
    private func function(failingAt bad: Set<Int64>) -> FakeFunction {
        FakeFunction { event, _ in
            event.partitions.contains { $0.records.contains { bad.contains($0.offset) } }
                ? FakeFunction.error : .success([])
        }
    }

    /// The values of a topic, in order.
    private func values(of topic: String, in cluster: TestCluster, count: Int) throws -> [JSONValue] {
        let consumer = try cluster.makeConsumer(of: topic)
        let texts = try consumer.records(count, within: 60).texts
        try consumer.close()
        return try texts.map { try JSONValue(Array($0.utf8)) }
    }

    @Test(
        "goes to a topic of the cluster, alone, with its key, and everything else to the function",
        .timeLimit(.minutes(5)),
        arguments: TestKafka.all
    )
    func bisected(_ kafka: TestKafka) throws {
        let function = function(failingAt: [37])
        let bench = Bench(try kafka.open(), function)
        let topic = try bench.cluster.makeTopic()
        let letters = try bench.cluster.makeTopic("letters")
        var batch = KafkaProducerBatch(topic: topic)
        for number in 0..<64 { batch.append(value: "v\(number)".utf8, key: Array("k\(number)".utf8)) }
        #expect(try KafkaProducer(bench.cluster.properties).produce(batch).allSatisfy { $0.error == nil })
        let mapping = try bench.start(topic) {
            $0.onFailureDestination = "kafka://\(letters)"
            $0.maximumRetryAttempts = 2
            $0.bisectsBatchOnFunctionError = true
            $0.batchingWindowSeconds = 2
        }
        try bench.wait("the commit") { try bench.committed(mapping) == [0: 64] }
        #expect(function.taken[0] == (0..<64).filter { $0 != 37 })
        #expect(function.calls.filter { $0.offsets == [37] }.count == 3)

        let consumer = try bench.cluster.makeConsumer(of: letters)
        let found = try consumer.records(1).batches
        try consumer.close()
        let entry = try #require(found.first?.entries.first)
        #expect(found[0].key(of: entry) == Array("k37".utf8))
        let letter = try JSONValue(found[0].value(of: entry) ?? [])
        #expect(letter["requestContext"]?["condition"] == .string("RetriesExhausted"))
        #expect(letter["requestContext"]?["approximateInvokeCount"] == .integer(3))
        #expect(
            letter["requestContext"]?["functionArn"]
                == .string("arn:aws:lambda:us-east-1:123456789012:function:scorer:$LATEST")
        )
        #expect(letter["KafkaBatchInfo"]?["batchSize"] == .integer(1))
        #expect(letter["KafkaBatchInfo"]?["recordInfo"]?["offset"] == .string("37"))
        let record = letter["payload"]?["records"]?["\(topic)-0"]?.array?.first
        #expect(record?["offset"] == .integer(37) && record?["value"] == .string("djM3"))
    }

    @Test(
        "goes after ten retries where retries have no end but failures a destination",
        .timeLimit(.minutes(5))
    )
    func tenRetries() throws {
        let function = function(failingAt: [1])
        let bench = Bench(try TestKafka.mock.open(), function)
        let topic = try bench.cluster.makeTopic()
        let letters = try bench.cluster.makeTopic("letters")
        try bench.produce(3, to: topic)
        let mapping = try bench.start(topic) {
            $0.onFailureDestination = "kafka://\(letters)"
            $0.batchSize = 1
        }
        try bench.wait("the commit") { try bench.committed(mapping) == [0: 3] }
        #expect(function.calls.filter { $0.offsets == [1] }.count == 11)
        #expect(try values(of: letters, in: bench.cluster, count: 1).count == 1)
    }

    @Test("and is too old goes without being given to it", .timeLimit(.minutes(5)))
    func tooOld() throws {
        let bench = Bench(try TestKafka.mock.open(), FakeFunction())
        let topic = try bench.cluster.makeTopic()
        let letters = try bench.cluster.makeTopic("letters")
        var batch = KafkaProducerBatch(topic: topic)
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        for (number, age) in [0, 3_600, 7_200, 10].enumerated() {
            batch.append(value: "\(number)".utf8, timestampMilliseconds: now - Int64(age) * 1_000)
        }
        #expect(try KafkaProducer(bench.cluster.properties).produce(batch).allSatisfy { $0.error == nil })
        let mapping = try bench.start(topic) {
            $0.onFailureDestination = "kafka://\(letters)"
            $0.maximumRecordAgeSeconds = 600
        }
        try bench.wait("the commit") { try bench.committed(mapping) == [0: 4] }
        #expect(bench.function.taken == [0: [0, 3]])
        let found = try values(of: letters, in: bench.cluster, count: 2)
        #expect(found.allSatisfy { $0["requestContext"]?["condition"] == .string("RecordAgeExceeded") })
        #expect(found.allSatisfy { $0["responseContext"] == .null })
        #expect(found.map { $0["KafkaBatchInfo"]?["recordInfo"]?["offset"] } == [.string("1"), .string("2")])
    }

    @Test(
        "is dropped where there is no destination, after as many retries as it may have",
        .timeLimit(.minutes(5))
    )
    func dropped() throws {
        let function = function(failingAt: [2])
        let bench = Bench(try TestKafka.mock.open(), function)
        let topic = try bench.cluster.makeTopic()
        try bench.produce(4, to: topic)
        let mapping = try bench.start(topic) {
            $0.batchSize = 1
            $0.maximumRetryAttempts = 0
        }
        try bench.wait("the commit") { try bench.committed(mapping) == [0: 4] }
        #expect(function.calls.map(\.offsets) == [[0], [1], [2], [3]])
        #expect(
            bench.log.lines.contains { $0.contains("event=records_discarded") && $0.contains("offset=2") }
        )
    }

    @Test(
        "goes to SQS, SNS and S3 in their forms",
        .timeLimit(.minutes(5)),
        .enabled(if: PythonPeers.areInstalled, "\(PythonPeers.absence)")
    )
    func services() throws {
        let moto = try Moto.shared.get()
        let name = "mapping-\(UUID().uuidString.prefix(8).lowercased())"
        let made = try moto.boto3(
            """
            name = sys.argv[1]
            sqs, sns, s3 = (boto3.client(x, endpoint_url="\(moto.url)") for x in ("sqs", "sns", "s3"))
            def queue(n):
                url = sqs.create_queue(QueueName=n)["QueueUrl"]
                return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            topic = sns.create_topic(Name=name)["TopicArn"]
            _, subscriber = queue(name + "-subscriber")
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=subscriber)
            s3.create_bucket(Bucket=name)
            print(json.dumps([queue(name)[1], topic, "arn:aws:s3:::" + name]))
            """,
            [name]
        )
        let destinations = try #require(try JSONValue(Array(made.utf8)).array?.compactMap(\.string))
        let cluster = try TestKafka.mock.open()
        let bench = Bench(cluster, function(failingAt: [1]), client: moto.client)
        let topic = try cluster.makeTopic()
        try bench.produce(4, to: topic)
        for destination in destinations {
            let mapping = try bench.start(topic) {
                $0.onFailureDestination = destination
                $0.maximumRetryAttempts = 1
                $0.batchingWindowSeconds = 1
            }
            try bench.wait("the commit") { try bench.committed(mapping) == [0: 4] }
        }
        let read = try moto.boto3(
            """
            name = sys.argv[1]
            sqs, s3 = (boto3.client(x, endpoint_url="\(moto.url)") for x in ("sqs", "s3"))
            def one(n):
                url = sqs.get_queue_url(QueueName=n)["QueueUrl"]
                return sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"][0]["Body"]
            key = s3.list_objects_v2(Bucket=name)["Contents"][0]["Key"]
            body = s3.get_object(Bucket=name, Key=key)["Body"].read().decode()
            print(json.dumps([json.loads(one(name)), json.loads(json.loads(one(name + "-subscriber"))["Message"]),
                json.loads(body), key]))
            """,
            [name]
        )
        let found = try #require(try JSONValue(Array(read.utf8)).array)
        for record in found[..<3] {
            #expect(record["requestContext"]?["condition"] == .string("RetryAttemptsExhausted"))
            #expect(record["requestContext"]?["approximateInvokeCount"] == .integer(2))
            #expect(record["responseContext"]?["functionError"] == .string("Unhandled"))
            let info = record["KafkaBatchInfo"]?["recordsInfo"]?["\(topic)-0"]
            #expect(info?["firstRecordOffset"] == .string("0") && info?["lastRecordOffset"] == .string("3"))
            #expect(record["KafkaBatchInfo"]?["batchSize"] == .integer(4))
        }
        #expect(found[0]["payload"] == nil && found[1]["payload"] == nil)
        let payload = try JSONValue(Array((found[2]["payload"]?.string ?? "").utf8))
        #expect(payload["records"]?["\(topic)-0"]?.array?.count == 4)
        #expect(found[3].string?.hasPrefix("aws/lambda/") ?? false)
        #expect(found[3].string?.contains("/\(topic)-0/20") ?? false)
    }

    @Test("holds the partition while its destination is away", .timeLimit(.minutes(5)))
    func destinationAway() throws {
        let stub = try AWSStub { _ in HTTPResponse(status: 503) }
        let bench = Bench(try TestKafka.mock.open(), function(failingAt: [1]), client: stub.client())
        let topic = try bench.cluster.makeTopic()
        try bench.produce(3, to: topic)
        let mapping = try bench.start(topic) {
            $0.onFailureDestination = "arn:aws:sqs:us-east-1:123456789012:letters"
            $0.maximumRetryAttempts = 0
            $0.batchSize = 1
        }
        try bench.wait("tries") { stub.calls.count >= 3 }
        #expect(bench.function.calls.map(\.offsets) == [[0], [1]])
        bench.mappings.stop()
        #expect(try bench.committed(mapping) == [0: 1])
    }
}
