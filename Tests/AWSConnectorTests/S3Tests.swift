import AWSServices
import AWSTestSupport
import DetectionPipeline
import Foundation
import HTTPServer
import KafkaTestSupport
import Telemetry
import Testing

@testable import AWSConnector

@Suite("Objects written by compare-and-swap", .ownThread)
struct S3StorageTests {
    static func bucket(_ moto: MotoServer) throws -> String {
        let name = "b-\(UUID().uuidString.lowercased())"
        let _: Bool = try moto.boto("client('s3').create_bucket(Bucket='\(name)'); print('true')")
        return name
    }

    @Test(
        "what is written is read, unless it is known; over another version nothing is written",
        .enabled(if: MotoServer.isAvailable, "\(MotoServer.absence)")
    )
    func versions() throws {
        let moto = try MotoServer.shared()
        let name = try Self.bucket(moto)
        let storage = S3Storage(moto.client(), bucket: name, prefix: "models/")
        let key = "group/app logs/ü+0"
        #expect(try storage.read(key, unless: nil) == .absent)
        let first = try #require(try storage.write(key, [1, 2], over: nil))
        #expect(try storage.read(key, unless: nil) == .found([1, 2], first))
        #expect(try storage.read(key, unless: first) == .unchanged)
        let second = try #require(try storage.write(key, [3], over: first))
        #expect(try storage.read(key, unless: first) == .found([3], second))
        // Too late, in either way.
        #expect(try storage.write(key, [4], over: first) == nil)
        #expect(try storage.write(key, [4], over: nil) == nil)
        #expect(try storage.read(key, unless: second) == .unchanged)
        let seen: [String] = try moto.boto(
            """
            print(json.dumps([o["Key"] + " " + client("s3").get_object(Bucket="\(name)", Key=o["Key"])["Body"].read().hex()
                for o in client("s3").list_objects_v2(Bucket="\(name)")["Contents"]]))
            """
        )
        #expect(seen == ["models/\(key) 03"])
        #expect(throws: AWSError.self) {
            try S3Storage(moto.client(), bucket: "nowhere-\(name)").read(key, unless: nil)
        }
    }

    @Test(
        "of writers that race, one wins each round and the others hear of it: no count is lost",
        .enabled(if: MotoServer.isAvailable, "\(MotoServer.absence)")
    )
    func race() throws {
        let moto = try MotoServer.shared()
        let name = try Self.bucket(moto)
        let lost = Locked(0)
        let group = DispatchGroup()
        for writer in 0..<2 {
            DispatchQueue(label: "writer \(writer)").async(group: group) {
                let storage = S3Storage(moto.client(), bucket: name)
                var done = 0
                while done < 15 {
                    do {
                        let reading = try storage.read("count", unless: nil)
                        var (bytes, version): ([UInt8], ObjectVersion?) = ([], nil)
                        if case .found(let found, let present) = reading {
                            (bytes, version) = (found, present)
                        }
                        // Each adds a byte of its own: what it writes is never what the other writes.
                        if try storage.write("count", bytes + [UInt8(writer)], over: version) != nil {
                            done += 1
                        } else {
                            lost.withLock { $0 += 1 }
                        }
                    } catch {
                        Issue.record("\(error)")
                        return
                    }
                }
            }
        }
        group.wait()
        let storage = S3Storage(moto.client(), bucket: name)
        guard case .found(let bytes, _) = try storage.read("count", unless: nil) else {
            Issue.record("nothing was written")
            return
        }
        #expect(bytes.count == 30 && bytes.filter { $0 == 0 }.count == 15)
    }

    @Test(
        "412 is a lost race, 409 is tried again, and what was written though its answer was lost is no loss"
    )
    func answers() throws {
        let object = Locked<(bytes: [UInt8], tag: String)?>(nil)
        let stub = try AWSStub { call in
            object.withLock { object in
                if call.request.method == "GET" {
                    guard let object else {
                        return .xml("<Error><Code>NoSuchKey</Code></Error>", status: 404)
                    }
                    return HTTPResponse(headers: ["ETag": object.tag], body: object.bytes)
                }
                let isMet =
                    call.request.headers["If-None-Match"] == "*"
                    ? object == nil : call.request.headers["If-Match"] == object?.tag
                guard isMet else {
                    return .xml("<Error><Code>PreconditionFailed</Code></Error>", status: 412)
                }
                object = (call.request.body, "\"\(call.request.body.count)\"")
                return HTTPResponse(headers: ["ETag": "\"\(call.request.body.count)\""])
            }
        }
        let storage = S3Storage(stub.client(), bucket: "b")
        stub.inject(.answer(.xml("<Error><Code>ConditionalRequestConflict</Code></Error>", status: 409)))
        let first = try #require(try storage.write("k", [1], over: nil))
        #expect(try storage.write("k", [9, 9], over: nil) == nil)
        // Written already, as if the first answer had been lost.
        #expect(try storage.write("k", [1], over: nil) == first)
        let second = try #require(try storage.write("k", [1, 2], over: first))
        #expect(try storage.write("k", [1, 2], over: first) == second)
        #expect(try storage.write("k", [1, 2, 3], over: first) == nil)
        #expect(stub.refusals == [])
    }
}

@Suite("Dead letters on AWS", .ownThread, .enabled(if: MotoServer.isAvailable, "\(MotoServer.absence)"))
struct DeadLetterTests {
    private func letter(_ offset: Int64, _ value: [UInt8]) -> DeadLetter {
        DeadLetter(
            identity: RecordIdentity(
                stream: RecordStream(origin: "kafka:c/t", name: "t", partition: 2),
                offset: offset,
                timestampMilliseconds: 5
            ),
            key: [0xff],
            value: value,
            headers: [],
            reason: "no JSON\n\u{1}ü at \(offset)"
        )
    }

    private func objects(_ lines: some Sequence<some StringProtocol>) throws -> [[String: Any]] {
        try lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test("go to a queue, one message each; of one that is too large its beginning")
    func queue() throws {
        let moto = try MotoServer.shared()
        let url: String = try moto.boto(
            "print(json.dumps(client('sqs').create_queue(QueueName='\(UUID().uuidString)')['QueueUrl']))"
        )
        let sink = DeadLetterQueue(moto.client(), queueURL: url)
        try sink.store(
            (0..<12).map { letter($0, Array("{\"a\":".utf8)) } + [
                letter(12, Array(repeating: 1, count: 1 << 20))
            ]
        )
        let bodies: [String] = try moto.boto(
            """
            sqs, found = client("sqs"), []
            while True:
                batch = sqs.receive_message(QueueUrl="\(url)", MaxNumberOfMessages=10).get("Messages", [])
                if not batch: break
                found += [m["Body"] for m in batch]
                for m in batch: sqs.delete_message(QueueUrl="\(url)", ReceiptHandle=m["ReceiptHandle"])
            print(json.dumps(found))
            """
        )
        let objects = try objects(bodies)
        let offsets = objects.compactMap { ($0["source"] as? [String: Any])?["offset"] as? Int }
        #expect(offsets.sorted() == Array(0..<13))
        #expect(objects.filter { $0["value"] as? String == "{\"a\":" }.count == 12)
        let cut = objects.first { ($0["reason"] as? String)?.contains("cut") == true }
        #expect((cut?["value"] as? String)?.utf8.count == 32 << 10)
    }

    @Test("go to a bucket, whole, once however often they are stored")
    func bucket() throws {
        let moto = try MotoServer.shared()
        let name = try S3StorageTests.bucket(moto)
        let sink = DeadLetterBucket(moto.client(), bucket: name, prefix: "dead/")
        let letters = [letter(7, Array("{\"a\":".utf8)), letter(9, Array(repeating: 2, count: 300_000))]
        try sink.store(letters)
        try sink.store(letters)
        try sink.store([letter(10, [])])
        let found: [String: String] = try moto.boto(
            """
            s3 = client("s3")
            print(json.dumps({o["Key"]: s3.get_object(Bucket="\(name)", Key=o["Key"])["Body"].read().decode()
                for o in s3.list_objects_v2(Bucket="\(name)")["Contents"]}))
            """
        )
        #expect(found.count == 2)
        let key = try #require(found.keys.first { $0.hasPrefix("dead/t/2/7-") })
        let objects = try objects((found[key] ?? "").split(separator: "\n"))
        #expect(objects.count == 2)
        #expect((objects[1]["value"] as? String)?.utf8.count == 300_000)
        #expect(objects[0]["key_base64"] as? String == "/w==")
    }
}
