import AWSTestSupport
import Foundation
import HTTPServer
import KafkaTestSupport
import Retries
import Telemetry
import Testing

@testable import AWSServices

/// Any number of entries, by calls that take a few.
@Suite(.ownThread) struct BatchTests {
    /// What a call held, as the service would read it.
    private static func json(_ call: AWSStub.Call) -> [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(call.request.body)) as? [String: Any]) ?? [:]
    }

    private static func items(_ call: AWSStub.Call) -> [[String: Any]] {
        let requests = (json(call)["RequestItems"] as? [String: [[String: Any]]])?["t"] ?? []
        return requests.compactMap { ($0["PutRequest"] as? [String: Any])?["Item"] as? [String: Any] }
    }

    private static func key(_ item: [String: Any]) -> String { (item["pk"] as? [String: String])?["S"] ?? "" }

    private func item(_ key: String, _ value: Int64 = 0, bytes: Int = 0) -> DynamoDB.Item {
        ["pk": .string(key), "v": .integer(value), "b": .string(String(repeating: "x", count: bytes))]
    }

    /// Takes what `refuses` does not name, and notes what it took.
    private func table(
        _ taken: Locked<[String]>,
        _ refuses: @escaping @Sendable (_ call: Int, _ key: String) -> Bool
    ) throws -> AWSStub {
        let count = Locked(0)
        return try AWSStub { call in
            let number = count.withLock { count in
                count += 1
                return count
            }
            let items = Self.items(call)
            let left = items.filter { refuses(number, Self.key($0)) }
            let kept = items.map(Self.key).filter { !refuses(number, $0) }
            taken.withLock { $0 += kept }
            let requests = left.map { ["PutRequest": ["Item": $0]] }
            let answer: [String: Any] = ["UnprocessedItems": left.isEmpty ? [:] : ["t": requests]]
            let body = (try? JSONSerialization.data(withJSONObject: answer)) ?? Data()
            return HTTPResponse(body: Array(body))
        }
    }

    @Test("items go 25 at a time, in their order, and what a throttled table leaves is written again alone")
    func throttledTable() throws {
        let taken = Locked<[String]>([])
        // The first call leaves half of it.
        let stub = try table(taken) { call, key in call == 1 && (Int(key) ?? 0).isMultiple(of: 2) }
        let record = WaitRecord()
        let outcome = stub.client(clock: .withoutWaiting(record))
            .putItems((0..<60).map { item("\($0)") }, into: "t", key: ["pk"])
        #expect(outcome.failures == [:])
        #expect(stub.calls.map { Self.items($0).count } == [25, 13, 25, 10])
        #expect(Self.items(stub.calls[1]).map(Self.key) == stride(from: 0, to: 25, by: 2).map(String.init))
        #expect(
            Set(taken.withLock { $0 }) == Set((0..<60).map(String.init)) && taken.withLock { $0 }.count == 60
        )
        #expect(record.waits.count == 1)
    }

    @Test("a table that takes nothing ends patience; the items are named that are not written")
    func hopelessTable() throws {
        let taken = Locked<[String]>([])
        let stub = try table(taken) { _, key in key == "3" || key == "27" }
        var settings = AWSStub.quickSettings
        settings.retries = RetryPolicy(maximumAttempts: 3, deadline: nil)
        let outcome = stub.client(settings).putItems((0..<30).map { item("\($0)") }, into: "t", key: ["pk"])
        // 25 to 29 were not tried any more.
        #expect(outcome.failures.keys.sorted() == [3, 25, 26, 27, 28, 29])
        #expect(outcome.failures.values.allSatisfy { $0.code == .throttled && $0.isRetriable })
        #expect(throws: AWSError.self) { try outcome.check() }
        #expect(stub.calls.count == 3)
    }

    @Test("of items with one key the last is written, once, in whatever call it would be")
    func duplicateKeys() throws {
        let taken = Locked<[String]>([])
        let stub = try table(taken) { _, _ in false }
        let items = (0..<40).map { item("\($0 % 3)", Int64($0)) }
        #expect(stub.client().putItems(items, into: "t", key: ["pk"]).failures == [:])
        #expect(stub.calls.count == 1)
        let values = Self.items(stub.calls[0]).map { ($0["v"] as? [String: String])?["N"] }
        #expect(values == ["37", "38", "39"])
    }

    @Test("an item too large is refused without a call, and the others are written, no call too large")
    func itemSizes() throws {
        let taken = Locked<[String]>([])
        let stub = try table(taken) { _, _ in false }
        let limit = 400 << 10
        // "pk", one digit, "v", two bytes of a number, "b".
        let overhead = DynamoDB.Value.storedByteCount(item("0"))
        var items = (0..<5).map { item("\($0)", bytes: limit - overhead) }
        items.append(item("5", bytes: limit - overhead + 1))
        items +=
            (6..<9).map { item("\($0)", bytes: limit - overhead) }
            + (0..<9).map { item("x\($0)", bytes: 390 << 10) }
        let outcome = stub.client().putItems(items, into: "t", key: ["pk"])
        #expect(outcome.failures.keys.sorted() == [5])
        #expect(outcome.failures[5]?.isRetriable == false && outcome.failures[5]?.code == .refused)
        #expect(taken.withLock { $0 }.count == items.count - 1)
        #expect(stub.calls.allSatisfy { $0.request.body.count <= 16 << 20 } && stub.calls.count > 1)
    }

    @Test(
        "messages go ten at a time and 256 KiB together; a failed one is sent again alone, a refused one is told"
    )
    func messages() throws {
        let seen = Locked<[String]>([])
        let stub = try AWSStub { call in
            let entries = Self.json(call)["Entries"] as? [[String: Any]] ?? []
            var failed: [[String: Any]] = []
            var successful: [[String: Any]] = []
            for entry in entries {
                let id = entry["Id"] as? String ?? ""
                let body = String((entry["MessageBody"] as? String ?? "").prefix { $0 != "-" })
                let isFirst = seen.withLock { seen in
                    defer { seen.append(body) }
                    return !seen.contains(body)
                }
                if body == "poison" {
                    failed.append([
                        "Id": id, "Code": "InvalidMessageContents", "SenderFault": true, "Message": "bad",
                    ])
                } else if body == "4" && isFirst {
                    failed.append(["Id": id, "Code": "InternalError", "SenderFault": false])
                } else {
                    successful.append(["Id": id, "MessageId": "m"])
                }
            }
            let answer = ["Failed": failed, "Successful": successful]
            return HTTPResponse(body: Array((try? JSONSerialization.data(withJSONObject: answer)) ?? Data()))
        }
        var messages = (0..<12).map { SQS.Message(body: "\($0)", attributes: ["a": "b"]) }
        messages[7].body = "poison"
        messages += (12..<15).map { SQS.Message(body: "\($0)-" + String(repeating: "y", count: 100 << 10)) }
        messages.append(SQS.Message(body: "large-" + String(repeating: "z", count: 256 << 10)))
        let outcome = stub.client().sendMessages(messages, to: "http://q")
        #expect(outcome.failures.keys.sorted() == [7, 15])
        #expect(
            outcome.failures[7]?.errorCode == "InvalidMessageContents"
                && outcome.failures[7]?.isRetriable == false
        )
        let counts = stub.calls.map { (Self.json($0)["Entries"] as? [Any])?.count }
        #expect(counts == [10, 1, 4, 1])
        #expect(seen.withLock { $0 }.filter { $0 == "4" }.count == 2)
    }

    @Test("records go 500 at a time, and those that a stream did not take are put again alone")
    func records() throws {
        let stub = try AWSStub { call in
            let records = Self.json(call)["Records"] as? [[String: Any]] ?? []
            let isWhole = records.count < 100
            let results = records.enumerated().map { index, _ -> [String: Any] in
                isWhole || index % 100 != 0
                    ? ["SequenceNumber": "1", "ShardId": "s"]
                    : ["ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"]
            }
            let answer: [String: Any] = ["FailedRecordCount": 0, "Records": results]
            return HTTPResponse(body: Array((try? JSONSerialization.data(withJSONObject: answer)) ?? Data()))
        }
        var records = (0..<600).map { Kinesis.Record(data: [UInt8($0 & 255)], partitionKey: "\($0)") }
        records += (0..<6).map { _ in
            Kinesis.Record(data: Array(repeating: 1, count: 1 << 20 - 1), partitionKey: "k")
        }
        let outcome = stub.client().putRecords(records, into: "s")
        #expect(outcome.failures == [:])
        let calls = stub.calls.map { Self.json($0)["Records"] as? [[String: Any]] ?? [] }
        #expect(calls.map(\.count) == [500, 5, 104, 2, 2])
        #expect(calls[1].compactMap { $0["PartitionKey"] as? String } == ["0", "100", "200", "300", "400"])
    }

    @Test("notifications go ten at a time, by XML")
    func notifications() throws {
        let stub = try AWSStub { call in
            let ids = (1...10).filter { call.body.contains("member.\($0).Id=") }.map { $0 - 1 }
            let entries = ids.map { id in
                id == 2 && ids.count == 10
                    ? "<member><Id>2</Id><Code>InternalError</Code><SenderFault>false</SenderFault></member>"
                    : ""
            }
            let taken = ids.filter { !($0 == 2 && ids.count == 10) }.map { "<member><Id>\($0)</Id></member>" }
            return .xml(
                "<R><PublishBatchResult><Failed>\(entries.joined())</Failed><Successful>\(taken.joined())</Successful></PublishBatchResult></R>"
            )
        }
        let messages = (0..<12).map { SNS.Message(text: "m\($0)") }
        #expect(stub.client().publish(messages, to: "arn").failures == [:])
        #expect(stub.calls.count == 3 && stub.calls[1].body.contains("Message=m2&") == false)
        #expect(stub.calls[1].body.hasSuffix("member.1.Message=m2"))
    }

    @Test("when a service is down all the rest is told, and no further call is made")
    func down() throws {
        let stub = try AWSStub { _ in .fault(500, "InternalFailure", "") }
        var settings = AWSStub.quickSettings
        settings.retries = RetryPolicy(maximumAttempts: 2, deadline: nil)
        let outcome = stub.client(settings).sendMessages(
            (0..<25).map { .init(body: "\($0)") },
            to: "http://q"
        )
        #expect(outcome.failures.count == 25 && stub.calls.count == 2)
        #expect(outcome.failures.values.allSatisfy { $0.code == .serverFault && $0.isRetriable })
    }

    @Test("cuts by count and by bytes at the very limit")
    func runs() {
        let limits = BatchLimits(count: 3, bytes: 10, entryBytes: 10)
        let sizes = [4, 4, 2, 1, 10, 1, 1, 1, 1]
        #expect(limits.runs(Array(sizes.indices), sizes: sizes) == [[0, 1, 2], [3], [4], [5, 6, 7], [8]])
        #expect(limits.runs([], sizes: []) == [])
        #expect(limits.runs([1, 4], sizes: sizes) == [[1], [4]])
    }
}
