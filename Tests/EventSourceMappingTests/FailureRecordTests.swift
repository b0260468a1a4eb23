import AWSConnector
import DetectionPipeline
import Foundation
import JSONText
import LambdaRuntime
import LocalLambdaModel
import Testing

@testable import EventSourceMapping

@Suite("The record of a failure")
struct FailureRecordTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/data/aws-fixtures").standardized

    private static let arn =
        "arn:aws:kafka:us-east-1:123456789012:cluster/my-cluster/6cc0432b-8618-4f44-bccc-e1fbd8fb7c4d-2"

    private func record(_ error: (any Error)? = nil) -> FailureRecord {
        FailureRecord(
            functionARN: "arn:aws:lambda:us-east-1:123456789012:function:my-kafka-lambda",
            source: .msk(arn: Self.arn),
            bootstrapServers: "b-1:9092,b-2:9092",
            batch: someBatch(10..<11),
            error: error
                ?? FunctionFailure(
                    requestID: "316aa6d0",
                    executedVersion: "$LATEST",
                    isFunctionError: true,
                    failureKind: .transient,
                    description: "failed"
                ),
            invocationCount: 3,
            requestID: "316aa6d0-8154-4a05-9af7-85d5f4a6bc81",
            time: 1_767_607_206_021
        )
    }

    private var event: [UInt8] {
        KafkaEventEncoder(eventSourceARN: Self.arn, bootstrapServers: "b-1:9092,b-2:9092")
            .encode([someBatch(10..<11).eventPartition])
    }

    /// The members of all objects, and the kinds of values, of which names of partitions are made one.
    private func shape(_ value: JSONValue) -> String {
        switch value {
        case .object(let members):
            let parts = members.map { key, value in
                "\(key.last?.isNumber == true && key.contains("-") ? "PARTITION" : key): \(shape(value))"
            }
            return "{" + Set(parts).sorted().joined(separator: ", ") + "}"
        case .array(let elements): return "[" + (elements.first.map(shape) ?? "") + "]"
        case .string: return "string"
        case .integer, .double: return "number"
        case .boolean: return "boolean"
        case .null: return "null"
        }
    }

    @Test(
        "has the documented members",
        .enabled(
            if: FileManager.default.fileExists(atPath: fixtures.path),
            "../shared/data/aws-fixtures is not there"
        ),
        arguments: [
            ("dest-onfailure-sqs-sns.json", FailureRecord.Form.metadata), ("dest-onfailure-s3.json", .text),
            ("dest-onfailure-kafka.json", .single),
        ]
    )
    func members(_ fixture: String, _ form: FailureRecord.Form) throws {
        let documented = try JSONValue(Array(Data(contentsOf: Self.fixtures.appendingPathComponent(fixture))))
        let written = try JSONValue(record().json(form, event: event))
        #expect(shape(written) == shape(documented))
    }

    @Test("holds the event whole, in the form of its destination")
    func payload() throws {
        let text = try JSONValue(record().json(.text, event: event))
        #expect(text["payload"]?.string.map { Array($0.utf8) } == event)
        let single = try JSONValue(record().json(.single, event: event))
        #expect(try single["payload"] == JSONValue(event))
        #expect(try JSONValue(record().json(.metadata, event: event))["payload"] == nil)
        #expect(text["KafkaBatchInfo"]?["payloadSize"] == .integer(Int64(event.count)))
        #expect(text["timestamp"] == .string("2026-01-05T10:00:06.021Z"))
    }

    @Test(
        "names its reason as the pages of the destinations do",
        arguments: [
            (RecordRefusal.tooOld as RecordRefusal?, "RecordAgeExceeded", "RecordAgeExceeded"),
            (.tooLarge, "MaximumPayloadSizeExceeded", "MaximumPayloadSizeExceeded"),
            (nil, "RetryAttemptsExhausted", "RetriesExhausted"),
        ]
    )
    func conditions(_ refusal: RecordRefusal?, _ batch: String, _ single: String) throws {
        for (form, expected) in [(FailureRecord.Form.metadata, batch), (.single, single)] {
            let json = try JSONValue(record(refusal).json(form, event: event))
            #expect(json["requestContext"]?["condition"] == .string(expected))
            // What was not given to the function has no response.
            #expect((json["responseContext"] == .null) == (refusal != nil))
        }
    }

    @Test(
        "finds its destination",
        arguments: [
            ("kafka://dead.letters_1", FailureDestination.kafka(topic: "dead.letters_1")),
            (
                "arn:aws:sqs:eu-west-1:123456789012:letters",
                .queue(url: "https://sqs.eu-west-1.amazonaws.com/123456789012/letters")
            ),
            (
                "arn:aws-cn:sqs:cn-north-1:123456789012:letters",
                .queue(url: "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/letters")
            ),
            (
                "arn:aws:sns:us-east-1:123456789012:t",
                .notifications(arn: "arn:aws:sns:us-east-1:123456789012:t")
            ),
            ("arn:aws:s3:::bucket", .bucket(name: "bucket")),
        ]
    )
    func destinations(_ text: String, _ expected: FailureDestination) throws {
        #expect(try FailureDestination(text, sourceTopic: "logs") == expected)
    }

    @Test(
        "refuses a destination that cannot be",
        arguments: [
            "kafka://logs", "kafka://", "kafka://a b", "arn:aws:lambda:us-east-1:123456789012:function:f",
            "letters", "arn:aws:sqs:x",
            "arn:aws:s3:::",
        ]
    )
    func noDestinations(_ text: String) {
        #expect(throws: FailureDestinationError.self) { try FailureDestination(text, sourceTopic: "logs") }
    }
}
