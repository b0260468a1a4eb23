import AWSServices
import AWSTestSupport
import Compression
import DetectionPipeline
import Foundation
import HTTPServer
import KafkaTestSupport
import Telemetry
import Testing

@testable import AWSConnector

@Suite("Forwarding to a bucket", .ownThread)
struct S3TargetTests {
    private typealias Batches = ForwardedBatches

    @Test("an object is named by its first record alone")
    func names() {
        let batch = Batches.batch(42..<44)
        let name = S3ObjectName(first: batch.records[0], batch.stream, suffix: ".jsonl.gz")
        #expect(
            name.key
                == "app-logs/year=2026/month=01/day=05/hour=10/app-logs+2+00000000000000000042+1767607200042.jsonl.gz"
        )
    }

    private struct Found: Decodable {
        var key: String
        var offsets: [Int64]
        var values: [String]
    }

    private func found(_ moto: MotoServer, _ bucket: String) throws -> [Found] {
        try moto.boto(
            """
            import gzip, subprocess
            s3, found = client("s3"), []
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket="\(bucket)"):
                for o in page.get("Contents", []):
                    body = s3.get_object(Bucket="\(bucket)", Key=o["Key"])["Body"].read()
                    if o["Key"].endswith(".gz"): body = gzip.decompress(body)
                    if o["Key"].endswith(".zst"): body = subprocess.run(["zstd", "-dc"], input=body, stdout=subprocess.PIPE, check=True).stdout
                    lines = [json.loads(line) for line in body.decode().splitlines()]
                    found.append({"key": o["Key"], "offsets": [l["offset"] for l in lines], "values": [l["value"] for l in lines]})
            print(json.dumps(found))
            """
        )
    }

    private static let hasZstd = (try? Command.run("zstd", ["--version"]).status) == 0

    @Test(
        "boto3 and others' decompressors read back the lines of each hour",
        .enabled(if: MotoServer.isAvailable, "\(MotoServer.absence)"),
        .enabled(if: Self.hasZstd, "zstd is not installed"),
        arguments: CompressionFormat.allCases
    )
    func moto(format: CompressionFormat) throws {
        let moto = try MotoServer.shared()
        let bucket = try S3StorageTests.bucket(moto)
        var settings = S3Target.Settings(bucket: bucket, prefix: "kafka/")
        settings.compression = format
        let target = S3Target(moto.client(), settings, limits: BatchLimits(recordCount: 1_000))
        // Times of two hours, not in order: 20 minutes back and forth around the hour.
        let batch = Batches.batch(0..<100, time: { 1_767_607_200_000 + ($0 % 3 - 1) * 1_200_000 })
        try target.send(batch)
        try target.send(batch)
        let objects = try found(moto, bucket)
        let offsets: [Int64] = Array(0..<100)
        let early = offsets.filter { $0 % 3 == 0 }
        #expect(objects.map(\.offsets) == [early, offsets.filter { $0 % 3 != 0 }])
        #expect(objects.flatMap(\.values).count == 100)
        let suffix = [CompressionFormat.none: "", .gzip: ".gz", .zstd: ".zst"][format] ?? "?"
        #expect(
            objects.map(\.key)
                == [
                    "kafka/app-logs/year=2026/month=01/day=05/hour=09/app-logs+2+00000000000000000000+1767606000000.jsonl",
                    "kafka/app-logs/year=2026/month=01/day=05/hour=10/app-logs+2+00000000000000000001+1767607200000.jsonl",
                ].map { $0 + suffix }
        )
    }

    @Test(
        "what is stored again with more replaces what is there; with less it does not, whoever is late",
        .enabled(if: MotoServer.isAvailable, "\(MotoServer.absence)")
    )
    func again() throws {
        let moto = try MotoServer.shared()
        let bucket = try S3StorageTests.bucket(moto)
        let target = S3Target(moto.client(), .init(bucket: bucket), limits: BatchLimits())
        try target.send(Batches.batch(10..<20))
        try target.send(Batches.batch(10..<15))
        #expect(try found(moto, bucket).map(\.offsets) == [Array(10..<20)])
        try target.send(Batches.batch(10..<30))
        #expect(try found(moto, bucket).map(\.offsets) == [Array(10..<30)])
        // A topic that was made anew has the same offsets at other times.
        try target.send(Batches.batch(10..<12, time: { 1_767_607_300_000 + $0 }))
        #expect(try found(moto, bucket).map(\.offsets) == [Array(10..<30), [10, 11]])
    }

    @Test("somebody else's object of the same name is written over; races go on until one has won")
    func races() throws {
        let object = Locked<(tag: Int, last: String?)?>((0, nil))
        let stub = try AWSStub { call in
            object.withLock { object in
                if call.request.method == "HEAD" {
                    guard let object else { return HTTPResponse(status: 404) }
                    return HTTPResponse(
                        headers: ["ETag": "\"\(object.tag)\"", "x-amz-meta-last-offset": object.last ?? ""]
                    )
                }
                let wanted = call.request.headers["If-Match"]
                let isMet = wanted == nil ? object == nil : wanted == object.map { "\"\($0.tag)\"" }
                guard isMet else {
                    return .xml("<Error><Code>PreconditionFailed</Code></Error>", status: 412)
                }
                object = ((object?.tag ?? 0) + 1, call.request.headers["x-amz-meta-last-offset"])
                return HTTPResponse(headers: ["ETag": "\"x\""])
            }
        }
        let target = S3Target(stub.client(), .init(bucket: "b"), limits: BatchLimits())
        try target.send(Batches.batch(0..<5))
        #expect(
            object.withLock { $0?.last } == "4" && stub.calls.map(\.request.method) == ["PUT", "HEAD", "PUT"]
        )
        try target.send(Batches.batch(0..<5))
        #expect(object.withLock { $0?.tag } == 1)
        // Refusals say something of the bucket: the records wait.
        stub.inject(.answer(.xml("<Error><Code>InvalidRequest</Code></Error>", status: 400)))
        let letters = KeepingSink()
        let result = try Forwarder(BatchSource([Batches.batch(0..<5)]), to: target, letters: letters).run()
        #expect(result.forwarded == 5 && result.retries == 1 && letters.letters.isEmpty)
        #expect(stub.refusals == [])
    }
}
