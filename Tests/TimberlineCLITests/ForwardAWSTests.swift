import AWSServices
import AWSTestSupport
import Foundation
import KafkaClient
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// `timberline forward` to Lambda, Kinesis and S3.
@Suite(.ownThread, .timeLimit(.minutes(5))) struct ForwardAWSTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func arguments(_ cluster: TestCluster, _ topic: String, to target: String, _ more: [String] = [])
        -> [String]
    {
        [
            "forward", "--brokers", cluster.brokers, "--topic", topic, "--to", target, "--start", "earliest",
            "--dead-letter-file", scratch.path("dead.jsonl"), "--log-level", "warning",
            "--kafka-property", "session.timeout.ms=6000",
        ] + more
    }

    /// A partition's lines, each with its number, and every third with a key.
    private func produce(_ count: Int, to topic: String, partition: Int32, _ cluster: TestCluster) throws {
        var batch = KafkaProducerBatch(topic: topic)
        for number in 0..<count {
            batch.append(
                value: "p\(partition) \(number)".utf8,
                key: number % 3 == 0 ? Array("k\(number % 12)".utf8) : nil,
                partition: partition
            )
        }
        for delivery in try KafkaProducer(cluster.properties).produce(batch) {
            #expect(delivery.error == nil)
        }
    }

    /// Runs a command that is killed as often as given, each time when the group has come a part further, and then to its
    /// end.
    private func runKilled(
        _ times: Int,
        _ cluster: TestCluster,
        _ topic: String,
        to target: String,
        _ more: [String],
        _ environment: [String: String],
        total: Int
    ) throws {
        let group = cluster.uniqueName("g")
        let command = arguments(cluster, topic, to: target, ["--group", group] + more)
        func committed() throws -> Int { try cluster.committedCount(topic, group: group, partitions: 2) }
        for part in 1...times {
            let program = try scratch.start(command, environment: environment)
            try program.wait(120) { try committed() > total * part / (times + 2) }
            program.send(SIGKILL)
            #expect(program.wait() == -SIGKILL)
        }
        #expect(try committed() < total, "it was too fast to be killed in the middle")
        let last = try scratch.run(command + ["--exit-at-end"], environment: environment)
        #expect(last.code == .success, "\(last.errors)")
        #expect(try committed() == total)
    }

    // MARK: - Lambda

    @Test(
        "through throttling and a kill a function gets every record in its order, and again what it reports as failed",
        .enabled(if: LambdaEmulator.isInstalled, Comment(rawValue: LambdaEmulator.absence))
    )
    func lambda() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic(partitions: 2)
        for partition in 0..<2 as Range<Int32> {
            try produce(400, to: topic, partition: partition, cluster)
        }
        // Now and then it reports the record in the middle.
        let emulator = try LambdaEmulator(
            scratch,
            answering: """
                time.sleep(0.02)
                return offsets[len(offsets) // 2] if len(offsets) > 3 and offsets[0] % 60 == 0 else None
                """
        )
        // The emulator ends where two calls come at once.
        let proxy = try ThrottlingProxy(to: emulator.url, atOnce: 1)
        let environment = [
            "AWS_ENDPOINT_URL_LAMBDA": proxy.url, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "A",
            "AWS_SECRET_ACCESS_KEY": "S",
        ]
        try runKilled(
            1,
            cluster,
            topic,
            to: "lambda:function",
            ["--send-records", "20", "--concurrency", "8"],
            environment,
            total: 800
        )
        #expect(proxy.refusedCount > 0)
        var all: [String: [Int64]] = [:]
        for call in try emulator.calls {
            all[call.partition, default: []] += call.offsets.filter { $0 < call.failed ?? .max }
        }
        #expect(Set(all.keys) == ["\(topic)-0", "\(topic)-1"])
        for (partition, offsets) in all {
            var seen: Set<Int64> = []
            #expect(offsets.filter { seen.insert($0).inserted } == Array(0..<400), "\(partition)")
        }
        #expect(try emulator.calls.contains { $0.failed != nil })
        #expect(
            try emulator.calls.allSatisfy { call in
                zip(call.offsets, call.values).allSatisfy { $1 == "p\(call.partition.suffix(1)) \($0)" }
            }
        )
    }

    // MARK: - Kinesis

    @Test(
        "killed and throttled again and again, boto3 reads all from the stream, each key in its order",
        .enabled(if: MotoServer.isAvailable, "\(MotoServer.absence)")
    )
    func kinesis() throws {
        let moto = try MotoServer.shared()
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic(partitions: 2)
        let count = 600
        for partition in 0..<2 as Range<Int32> {
            try produce(count, to: topic, partition: partition, cluster)
        }
        let name = "s-\(UUID().uuidString)"
        let _: Bool = try moto.boto(
            """
            client("kinesis").create_stream(StreamName="\(name)", ShardCount=2)
            client("kinesis").get_waiter("stream_exists").wait(StreamName="\(name)")
            print("true")
            """
        )
        struct Found: Decodable {
            var key: String
            var partition: Int
            var offset: Int64
        }
        func found() throws -> [Found] {
            try moto.boto(
                """
                kinesis, found = client("kinesis"), []
                for shard in kinesis.list_shards(StreamName="\(name)")["Shards"]:
                    at = kinesis.get_shard_iterator(StreamName="\(name)", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
                    while True:
                        page = kinesis.get_records(ShardIterator=at, Limit=10000)
                        at = page["NextShardIterator"]
                        for r in page["Records"]:
                            line = json.loads(r["Data"])
                            found.append({"key": r["PartitionKey"], "partition": line["partition"], "offset": line["offset"]})
                        if not page["Records"]: break
                print(json.dumps(found))
                """
            )
        }
        // One call at a time: moto loses records of calls that come at once.
        let proxy = try ThrottlingProxy(to: moto.url, atOnce: 1)
        try runKilled(
            2,
            cluster,
            topic,
            to: "kinesis:\(name)",
            ["--send-records", "40", "--concurrency", "8"],
            moto.variables.merging(["AWS_ENDPOINT_URL": proxy.url]) { $1 },
            total: 2 * count
        )
        #expect(proxy.refusedCount > 0)
        let all = try found()
        for partition in 0..<2 {
            let own = all.filter { $0.partition == partition }
            #expect(Set(own.map(\.offset)) == Set(0..<Int64(count)))
            for (key, records) in Dictionary(grouping: own, by: \.key) {
                var seen: Set<Int64> = []
                let order = records.map(\.offset).filter { seen.insert($0).inserted }
                #expect(order == order.sorted(), "\(key)")
            }
        }
    }

    // MARK: - S3

    @Test(
        "killed and throttled again and again, boto3 reads all lines from the bucket, and what is there twice says so",
        .enabled(if: MotoServer.isAvailable, "\(MotoServer.absence)"),
        arguments: ["gzip", "none"]
    )
    func s3(compression: String) throws {
        let moto = try MotoServer.shared()
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic(partitions: 2)
        let count = 3_000
        for partition in 0..<2 as Range<Int32> {
            try produce(count, to: topic, partition: partition, cluster)
        }
        let bucket = "b-\(UUID().uuidString.lowercased())"
        let _: Bool = try moto.boto("client('s3').create_bucket(Bucket='\(bucket)'); print('true')")
        struct Found: Decodable {
            var key: String
            var lines: [Line]
            struct Line: Decodable {
                var topic: String
                var partition: Int
                var offset: Int64
                var value: String
            }
        }
        func found() throws -> [Found] {
            try moto.boto(
                """
                import gzip
                s3, found = client("s3"), []
                for page in s3.get_paginator("list_objects_v2").paginate(Bucket="\(bucket)"):
                    for o in page.get("Contents", []):
                        body = s3.get_object(Bucket="\(bucket)", Key=o["Key"])["Body"].read()
                        if o["Key"].endswith(".gz"): body = gzip.decompress(body)
                        found.append({"key": o["Key"], "lines": [json.loads(line) for line in body.decode().splitlines()]})
                print(json.dumps(found))
                """
            )
        }
        let proxy = try ThrottlingProxy(to: moto.url, atOnce: 1)
        try runKilled(
            2,
            cluster,
            topic,
            to: "s3://\(bucket)/kafka",
            [
                "--send-records", "20", "--send-window", "1s", "--concurrency", "8", "--compression",
                compression,
            ],
            moto.variables.merging(["AWS_ENDPOINT_URL": proxy.url]) { $1 },
            total: 2 * count
        )
        #expect(proxy.refusedCount > 0)
        let objects = try found()
        for object in objects {
            let offsets = object.lines.map(\.offset)
            #expect(object.key.hasPrefix("kafka/\(topic)/year=20"), "\(object.key)")
            #expect(offsets == Array((offsets.first ?? 0)...(offsets.last ?? 0)), "\(object.key)")
            let first = String(offsets.first ?? 0)
            let padded = String(repeating: "0", count: 20 - first.count) + first
            #expect(
                object.key.contains("/\(topic)+\(object.lines.first?.partition ?? -1)+\(padded)+"),
                "\(object.key)"
            )
        }
        for partition in 0..<2 {
            let lines = objects.flatMap(\.lines).filter { $0.partition == partition }
            #expect(Set(lines.map(\.offset)) == Set(0..<Int64(count)))
            #expect(lines.allSatisfy { $0.topic == topic && $0.value == "p\(partition) \($0.offset)" })
        }
    }

    // MARK: - Settings

    @Test("settings of the targets are checked beforehand; without a region nothing starts")
    func check() throws {
        let check = ["check", "--for", "forward", "--brokers", "b", "--topic", "t"]
        let flags = [
            "--to", "kinesis:s", "--partition-key", "log", "--kinesis-order", "relaxed", "--record-form",
            "value",
            "--region", "eu-west-1", "--send-window", "5s",
        ]
        let good = try scratch.run(check + flags)
        #expect(good.code == .success, "\(good.errors)")
        #expect(good.lines.contains { $0.hasPrefix("forward.partition-key") && $0.contains("log") })
        for target in ["lambda:f", "kinesis:arn:aws:kinesis:eu-west-1:1:stream/s", "s3://b/p", "s3://b"] {
            #expect(try scratch.run(check + ["--to", target]).code == .success, "\(target)")
        }
        for target in ["lambda:", "kinesis:", "s3:b", "s3://", "ftp://x"] {
            #expect(try scratch.run(check + ["--to", target]).code == .usage, "\(target)")
        }
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        let ran = try scratch.run(
            arguments(cluster, topic, to: "lambda:f", ["--exit-at-end"]),
            environment: ["AWS_EC2_METADATA_DISABLED": "true", "HOME": scratch.path("home")]
        )
        #expect(ran.code == .invalidConfiguration && ran.errors.contains("region"), "\(ran.errors)")
    }
}
