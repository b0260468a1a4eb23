import Foundation
import LambdaRuntime
import Testing

@Suite(.enabled(if: Fixtures.isPresent, Comment(rawValue: Fixtures.absence)))
struct FixtureTests {
    @Test("every event beside the repository is read as its source")
    func events() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: Fixtures.directory.path)
        where name.hasSuffix(".json") {
            let kind: String? =
                switch name.split(whereSeparator: { "-.".contains($0) }).first {
                case "kafka": "kafka"
                case "kinesis": "kinesis"
                case "sqs": "sqs"
                case "s3": "s3"
                case "cloudwatch": "cloudWatchLogs"
                default: nil
                }
            guard let kind else { continue }
            let event = try LambdaEvent(Fixtures.bytes(name))
            #expect("\(event)".hasPrefix(kind + "("), "\(name)")
        }
    }

    @Test(
        "records agree with what Foundation finds in the same events",
        arguments: ["msk", "selfmanaged", "edge", "schema-registry"]
    )
    func kafka(name: String) throws {
        let bytes = try Fixtures.bytes("kafka-\(name).json")
        guard case .kafka(let event) = try LambdaEvent(bytes),
            let peer = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
            let partitions = peer["records"] as? [String: [[String: Any]]]
        else {
            Issue.record("not Kafka")
            return
        }
        #expect(event.partitions.count == partitions.count)
        for partition in event.partitions {
            let records = try #require(partitions[partition.key])
            #expect(partition.records.count == records.count)
            for (ours, theirs) in zip(partition.records, records) {
                #expect((theirs["offset"] as? NSNumber)?.int64Value == ours.offset)
                let value = (theirs["value"] as? String).flatMap { Data(base64Encoded: $0) }
                #expect(ours.value.map { Data(partition.bytes[$0]) } == value)
                let headers = (theirs["headers"] as? [[String: [Int]]])?.flatMap { $0 } ?? []
                #expect(ours.headers.map(\.name) == headers.map(\.key))
                #expect(
                    ours.headers.map(\.value)
                        == headers.map { $0.value.map { UInt8(truncatingIfNeeded: $0) } }
                )
            }
        }
    }

    @Test(
        "events without their sources' records are unknown",
        arguments: ["emf.json", "sns.json", "rcf-response.json"]
    )
    func unknown(name: String) throws {
        #expect(throws: EventError.self) { try LambdaEvent(Fixtures.bytes(name)) }
    }
}
