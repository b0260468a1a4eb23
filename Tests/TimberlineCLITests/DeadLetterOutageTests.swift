import DetectionPipeline
import Foundation
import HTTPTestSupport
import KafkaClient
import KafkaTestSupport
import Testing

/// `timberline run` while the topic of its dead letters takes nothing.
@Suite(.ownThread) struct DeadLetterOutageTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private let poison = "{\"poison\":"

    /// The offsets of the dead letters of each partition, however often each is there.
    private func letters(_ cluster: TestCluster, _ topic: String, _ wanted: Int) throws -> [Int32: Set<Int>] {
        let consumer = try cluster.makeConsumer(of: topic) { $0.readsHeaders = true }
        defer { try? consumer.close() }
        var offsets: [Int32: Set<Int>] = [:]
        let end = Date().addingTimeInterval(60)
        while offsets.values.reduce(0, { $0 + $1.count }) < wanted, Date() < end {
            for batch in try consumer.poll(maximumCount: 1_000, timeout: .milliseconds(100)).batches {
                for entry in batch.entries {
                    let headers = Dictionary(
                        batch.headers(of: entry).map {
                            ($0.name, String(decoding: $0.value ?? [], as: UTF8.self))
                        }
                    ) { $1 }
                    let partition = try #require(headers["timberline.partition"].flatMap { Int32($0) })
                    let offset = try #require(headers["timberline.offset"].flatMap { Int($0) })
                    offsets[partition, default: []].insert(offset)
                }
            }
        }
        return offsets
    }

    @Test("a topic that refuses the user pauses consumption with the reason, until it does not")
    func unauthorized() throws {
        let cluster = try TestKafka.mock.open()
        let (topic, dead) = (try cluster.makeTopic(), try cluster.makeTopic("dead"))
        var lines = SampleLog(count: 200).lines
        for index in [50, 120, 199] { lines[index] = poison }
        try cluster.produce(lines, to: topic, partition: 0)
        let refused: Int32 = 29
        cluster.mock?.fail(.produce, with: Array(repeating: refused, count: 4))
        let program = try scratch.start([
            "run", "--brokers", cluster.brokers, "--topic", topic, "--start", "earliest", "--trees", "10",
            "--store", scratch.path("store.db"), "--dead-letter-topic", dead, "--batch-window", "50ms",
            "--operations", "127.0.0.1:0", "--kafka-property", "session.timeout.ms=5000",
        ])
        let port = try OperationsPortTests.port(of: program)
        try program.wait { program.count(of: "sink_failed") == 4 }
        #expect(program.errors.contains("TOPIC_AUTHORIZATION_FAILED"))
        try program.wait { program.count(of: "sink_recovered") == 1 }
        try program.wait { try httpGet("/readyz", port: port).status == 200 }
        program.send(SIGTERM)
        #expect(program.wait(20) == 0)
        #expect(try letters(cluster, dead, 3) == [0: [50, 120, 199]])
    }

    @Test("a topic too small for any letter pauses consumption, until somebody raises its limit")
    func tooSmall() throws {
        let cluster = try TestKafka.real("4.3.1").open()
        let dead = try cluster.makeTopic("dead", settings: ["max.message.bytes": "200"])
        var service = try ServiceGroup(scratch, cluster, partitions: 1, linesEach: 200)
        for index in [60, 150] { service.lines[0][index] = poison }
        try service.produce(0..<200)
        let program = try scratch.start(
            service.command(
                store: "store.db",
                checkpoints: "store",
                ["--dead-letter-topic", dead, "--operations", "127.0.0.1:0"]
            )
        )
        let port = try OperationsPortTests.port(of: program)
        try program.wait { program.count(of: "sink_failed") >= 2 }
        let reasons = try httpGet("/readyz", port: port).body
        #expect(reasons.contains(#""reason":"paused""#) && reasons.contains("MSG_SIZE_TOO_LARGE"))
        #expect(program.isRunning && service.count("store.db") < 100)
        try #require(cluster.real).tool(
            "configs",
            [
                "--alter", "--entity-type", "topics", "--entity-name", dead, "--add-config",
                "max.message.bytes=100000",
            ]
        )
        try service.waitUntilCommitted(200)
        #expect(program.count(of: "sink_recovered") >= 1)
        program.send(SIGTERM)
        #expect(program.wait() == 0, "\(program.errors)")
        #expect(try letters(cluster, dead, 2) == [0: [60, 150]])
        try service.expectExactness(of: ["store.db"])
    }

    @Test("a stop while the brokers are gone ends with 0, and what is not stored is not committed")
    func stop() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        try cluster.produce(SampleLog(count: 200).lines, to: topic, partition: 0)
        let program = try scratch.start([
            "run", "--brokers", cluster.brokers, "--topic", topic, "--start", "earliest", "--trees", "10",
            "--store", scratch.path("store.db"), "--batch-window", "50ms", "--operations", "127.0.0.1:0",
            "--dead-letter-file", scratch.path("dead"), "--kafka-property", "session.timeout.ms=5000",
        ])
        let port = try OperationsPortTests.port(of: program)
        try program.wait {
            try httpGet("/metrics", port: port).body.contains("timberline_records_received_total 200\n")
        }
        try cluster.stopMock()
        try program.wait {
            try httpGet("/readyz", port: port).body.contains(#""reason":"broker_unreachable""#)
        }
        program.send(SIGTERM)
        #expect(program.wait(30) == 0, "\(program.errors)")
    }
}
