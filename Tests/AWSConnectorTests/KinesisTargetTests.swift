import AWSServices
import AWSTestSupport
import DetectionPipeline
import Foundation
import HTTPServer
import KafkaTestSupport
import Retries
import Telemetry
import Testing

@testable import AWSConnector

@Suite("Forwarding to a stream", .ownThread)
struct KinesisTargetTests {
    private typealias Batches = ForwardedBatches

    /// What a stream took, in its order: partition key and value.
    private struct Taken: Equatable, Sendable {
        var key: String
        var value: String
    }

    private struct Put: Decodable {
        struct Record: Decodable {
            var data: String
            var partitionKey: String

            enum CodingKeys: String, CodingKey {
                case data = "Data"
                case partitionKey = "PartitionKey"
            }
        }
        var streamName: String
        var records: [Record]

        enum CodingKeys: String, CodingKey {
            case streamName = "StreamName"
            case records = "Records"
        }
    }

    /// A stream that refuses the records at some of all places that it was offered.
    private func stream(
        _ taken: Locked<[Taken]>,
        calls: Locked<[Int]> = Locked([]),
        refusing isRefused: @escaping @Sendable (Int) -> Bool = { _ in false }
    ) throws -> AWSStub {
        let offered = Locked(0)
        return try AWSStub { call in
            guard let put = try? JSONDecoder().decode(Put.self, from: Data(call.request.body)),
                put.streamName == "s"
            else { return .fault(400, "ValidationException", "malformed") }
            calls.withLock { $0.append(put.records.count) }
            var entries: [String] = []
            for record in put.records {
                let number = offered.withLock { offered in
                    offered += 1
                    return offered - 1
                }
                if isRefused(number) {
                    entries.append(
                        #"{"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"slow"}"#
                    )
                } else {
                    let value = String(decoding: Data(base64Encoded: record.data) ?? Data(), as: UTF8.self)
                    taken.withLock { $0.append(Taken(key: record.partitionKey, value: value)) }
                    entries.append(#"{"SequenceNumber":"1","ShardId":"0"}"#)
                }
            }
            return .json("{\"FailedRecordCount\":0,\"Records\":[\(entries.joined(separator: ","))]}")
        }
    }

    private func target(_ stub: AWSStub, _ change: (inout KinesisTarget.Settings) -> Void = { _ in })
        -> KinesisTarget
    {
        var client = AWSStub.quickSettings
        client.retries.maximumAttempts = 1
        var settings = KinesisTarget.Settings(stream: "s")
        settings.form = .value
        change(&settings)
        return KinesisTarget(stub.client(client), settings, limits: BatchLimits(recordCount: 600))
    }

    @Test("the partition key is Kafka's where it is text of 1 to 256 characters, else its hash, else the log")
    func keys() {
        let keys: [[UInt8]?] = [
            Array("checkout".utf8), Array(repeating: 0x61, count: 256), Array("ü☃".utf8), nil, [],
            [0xff, 0xfe],
            Array(repeating: 0x61, count: 257), [0xff, 0xfe],
        ]
        let batch = Batches.batch(0..<Int64(keys.count), key: { keys[Int($0)] })
        let texts = batch.records.map { KinesisPartitionKey.key.text($0, of: batch) }
        #expect(texts[0] == "checkout" && texts[1].utf8.count == 256 && texts[2] == "ü☃")
        #expect(texts[3] == "app-logs-2")
        let hashes = Set(texts[4...])
        #expect(hashes.count == 3 && texts[5] == texts[7])
        #expect(hashes.allSatisfy { (1...16).contains($0.utf8.count) && $0.utf8.allSatisfy { $0 < 0x80 } })
        #expect(batch.records.allSatisfy { KinesisPartitionKey.log.text($0, of: batch) == "app-logs-2" })
    }

    @Test("no call has two records of a key, nor more than 500, nor more than 5 MiB")
    func calls() {
        func record(_ key: Int, _ size: Int = 10) -> Kinesis.Record {
            Kinesis.Record(data: Array(repeating: 0, count: size), partitionKey: "k\(key)")
        }
        func calls(_ records: [Kinesis.Record], _ order: KinesisOrder) -> [[Int]] {
            var plan = KinesisPlan(records, isDone: records.map { _ in false }, order: order)
            var calls: [[Int]] = []
            while let call = plan.next() {
                calls.append(call)
                plan.ended(call, failures: [:])
            }
            #expect(plan.finishedCount == records.count)
            return calls
        }
        let mixed = [record(1), record(2), record(1), record(3), record(1), record(2)]
        #expect(calls(mixed, .strict) == [[0, 1, 3], [2, 5], [4]])
        #expect(calls(mixed, .relaxed) == [[0, 1, 2, 3, 4, 5]])
        let many = (0..<1_100).map { record($0) }
        #expect(calls(many, .strict).map(\.count) == [500, 500, 100])
        #expect(calls(many.map { _ in record(0) }, .relaxed).map(\.count) == [500, 500, 100])
        let large = (0..<12).map { record($0, 1_000_000) }
        #expect(calls(large, .strict).map(\.count) == [5, 5, 2])
    }

    @Test(
        "through throttling all arrive, each key in its order, and what the stream has is not sent again",
        arguments: 0..<10
    )
    func throttled(seed: Int) throws {
        let taken = Locked<[Taken]>([])
        // A third is refused.
        let stub = try stream(taken) { ($0 &* 2_654_435_761 &+ seed &* 97) >> 7 % 3 == 0 }
        stub.inject(
            .refusal(status: 400, code: "LimitExceededException"),
            .refusal(status: 500, code: "InternalFailure")
        )
        let source = BatchSource(
            stride(from: 0, to: 300, by: 100).map { start in
                Batches.batch(start..<start + 100, key: { $0 % 5 == 4 ? nil : Array("k\($0 % 7)".utf8) })
            }
        )
        let result = try Forwarder(source, to: target(stub)).run()
        #expect(result.forwarded == 300 && source.committed[Batches.stream] == 300)
        let all = taken.withLock { $0 }
        #expect(all.count == 300)
        for (key, values) in Dictionary(grouping: all, by: \.key) {
            let offsets = values.compactMap { Int($0.value.dropFirst(5)) }
            #expect(offsets == offsets.sorted(), "\(key)")
        }
    }

    @Test("relaxed, what follows a refused record of its key comes again in order", arguments: 0..<10)
    func relaxed(seed: Int) throws {
        let taken = Locked<[Taken]>([])
        let calls = Locked<[Int]>([])
        let stub = try stream(taken, calls: calls) { ($0 &* 2_654_435_761 &+ seed &* 97) >> 7 % 20 == 0 }
        let source = BatchSource([Batches.batch(0..<200)])
        let target = target(stub) { $0.order = .relaxed }
        try Forwarder(source, to: target).run()
        let offsets = taken.withLock { $0 }.compactMap { Int($0.value.dropFirst(5)) }
        // The last time that each arrives is in order.
        var last: [Int] = []
        for offset in offsets.reversed() where !last.contains(offset) { last.append(offset) }
        #expect(last == (0..<200).reversed())
        #expect(calls.withLock { $0 }.first == 200)
    }

    @Test("a record that is too large is a dead letter before anything is sent")
    func large() throws {
        let taken = Locked<[Taken]>([])
        let stub = try stream(taken)
        let batch = Batches.batch(0..<9, value: { Array(repeating: 65, count: $0 == 4 ? 1 << 20 : 3) })
        let letters = KeepingSink()
        let result = try Forwarder(BatchSource([batch]), to: target(stub), letters: letters).run()
        #expect(result.forwarded == 8 && letters.letters.map(\.identity.offset) == [4])
        #expect(taken.withLock { $0.count } == 8)
    }

    @Test(
        "boto3 reads back what was put, with the place that each record comes from",
        .enabled(if: MotoServer.isAvailable, "\(MotoServer.absence)")
    )
    func moto() throws {
        let moto = try MotoServer.shared()
        let name = "s-\(UUID().uuidString)"
        let _: Bool = try moto.boto(
            """
            client("kinesis").create_stream(StreamName="\(name)", ShardCount=3)
            client("kinesis").get_waiter("stream_exists").wait(StreamName="\(name)")
            print("true")
            """
        )
        let target = KinesisTarget(moto.client(), .init(stream: name), limits: BatchLimits())
        let batch = Batches.batch(
            0..<60,
            key: { $0 % 4 == 0 ? [0xff, UInt8($0)] : Array("k\($0 % 3)".utf8) }
        )
        try Forwarder(BatchSource([batch]), to: target).run()
        struct Found: Decodable {
            var key: String
            var topic: String
            var partition: Int
            var offset: Int64
            var timestamp: Int64
            var value: String
        }
        let found: [Found] = try moto.boto(
            """
            kinesis, found = client("kinesis"), []
            for shard in kinesis.list_shards(StreamName="\(name)")["Shards"]:
                at = kinesis.get_shard_iterator(StreamName="\(name)", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
                for r in kinesis.get_records(ShardIterator=at["ShardIterator"], Limit=1000)["Records"]:
                    line = json.loads(r["Data"])
                    found.append({"key": r["PartitionKey"], **{n: line[n] for n in ("topic", "partition", "offset", "timestamp", "value")}})
            print(json.dumps(found))
            """
        )
        #expect(found.map(\.offset).sorted() == Array(0..<60))
        #expect(
            found.allSatisfy {
                $0.topic == "app-logs" && $0.partition == 2 && $0.value == "line \($0.offset)"
            }
        )
        #expect(found.allSatisfy { $0.timestamp == 1_767_607_200_000 + $0.offset })
        for (key, records) in Dictionary(grouping: found, by: \.key) {
            #expect(records.map(\.offset) == records.map(\.offset).sorted(), "\(key)")
        }
        #expect(Set(found.map(\.key)).isSuperset(of: ["k0", "k1", "k2"]))
    }
}
