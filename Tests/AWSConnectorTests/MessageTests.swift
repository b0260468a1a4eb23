import AWSServices
import AWSTestSupport
import AnomalyDetection
import DetectionPipeline
import Foundation
import KafkaTestSupport
import Testing

@testable import AWSConnector

@Suite("Anomalies as messages", .ownThread, .enabled(if: MotoServer.isAvailable, "\(MotoServer.absence)"))
struct MessageTests {
    private struct Message: Decodable {
        var body: String
        var attributes: [String: String]
        var group: String?
    }

    private let moto: MotoServer

    init() throws {
        moto = try MotoServer.shared()
    }

    /// Makes a queue, and a topic that delivers into it.
    private func make(_ suffix: String) throws -> (topic: String, queue: String) {
        let name = UUID().uuidString
        let ends: [String] = try moto.boto(
            """
            sqs, sns = client("sqs"), client("sns")
            fifo = {"FifoQueue": "true"} if "\(suffix)" else {}
            queue = sqs.create_queue(QueueName="\(name)\(suffix)", Attributes=fifo)["QueueUrl"]
            fifo = {"FifoTopic": "true"} if "\(suffix)" else {}
            topic = sns.create_topic(Name="\(name)\(suffix)", Attributes=fifo)["TopicArn"]
            arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
            print(json.dumps([topic, queue]))
            """
        )
        return (ends[0], ends[1])
    }

    /// Takes all messages off a queue.
    private func messages(_ queue: String) throws -> [Message] {
        try moto.boto(
            """
            sqs, found = client("sqs"), []
            while True:
                batch = sqs.receive_message(QueueUrl="\(queue)", MaxNumberOfMessages=10, WaitTimeSeconds=0,
                    MessageAttributeNames=["All"], AttributeNames=["All"]).get("Messages", [])
                if not batch: break
                for m in batch:
                    found.append({"body": m["Body"], "group": m["Attributes"].get("MessageGroupId"),
                        "attributes": {k: v["StringValue"] for k, v in m.get("MessageAttributes", {}).items()}})
                    sqs.delete_message(QueueUrl="\(queue)", ReceiptHandle=m["ReceiptHandle"])
            print(json.dumps(found))
            """
        )
    }

    private func check(_ messages: [Message], _ records: [ScoredRecord]) throws {
        var identities: Set<String> = []
        for message in messages {
            let json = try #require(
                try JSONSerialization.jsonObject(with: Data(message.body.utf8)) as? [String: Any]
            )
            let id = try #require(json["id"] as? String)
            let record = try #require(records.first { $0.identity.description == id })
            identities.insert(id)
            #expect(message.body.contains("\"score\":\(record.verdict.score),"))
            #expect(json["message"] as? String == "Anomaly detected: \(record.verdict.score)")
            #expect(json["line"] as? String == record.line)
            #expect(message.attributes == ["entity": "checkout", "topic": "app-logs", "anomalous": "true"])
        }
        #expect(messages.count == records.count && identities.count == records.count)
    }

    @Test("a queue gets each record once, as JSON with its identity")
    func queue() throws {
        let (_, queue) = try make("")
        let records = Records.records(0..<23)
        let sink = SQSSink(moto.client(), queueURL: queue)
        try sink.store(records)
        #expect(!sink.isIdempotent)
        try check(messages(queue), records)
    }

    @Test("a topic's subscribers get each alert, with attributes for filters")
    func topic() throws {
        let (topic, queue) = try make("")
        let records = Records.records(0..<12)
        try SNSAlertSink(moto.client(), topicARN: topic).store(records)
        try check(messages(queue), records)
    }

    @Test("a FIFO queue takes what is stored twice once, in the order of each stream")
    func fifo() throws {
        let (_, queue) = try make(".fifo")
        let records = Records.records(0..<9)
        let sink = SQSSink(moto.client(), queueURL: queue)
        #expect(sink.isIdempotent)
        try sink.store(records)
        try sink.store(records)
        let messages = try messages(queue)
        try check(messages, records)
        #expect(
            Set(messages.map(\.group)) == [
                "kafka:c1/app-logs/0", "kafka:c1/app-logs/1", "kafka:c1/app-logs/2",
            ]
        )
    }

    @Test("what identifies a message is bounded, plain, and another for another record")
    func identifiers() {
        let long = String(repeating: "tøpic", count: 60)
        let ids = [Records.record(1, topic: long), Records.record(4, topic: long), Records.record(1)].map {
            MessageQueue.deduplicationID($0.identity)
        }
        #expect(Set(ids).count == 3)
        #expect(ids.allSatisfy { $0.utf8.count <= 128 && $0.utf8.allSatisfy { (0x21...0x7e).contains($0) } })
        let subject = ActionMessage.subject(Records.record(1, entity: long + "\n"))
        #expect(subject.utf8.count < 100 && subject.utf8.allSatisfy { (0x20...0x7e).contains($0) })
    }
}
