import Foundation
import KafkaClient
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// Anomalies of `timberline run` in a topic.
@Suite(.ownThread, .timeLimit(.minutes(5))) struct AnomalyTopicTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func arguments(_ cluster: TestCluster, _ topic: String, _ anomalies: String, _ more: [String])
        -> [String]
    {
        [
            "run", "--brokers", cluster.brokers, "--topic", topic, "--anomaly-topic", anomalies,
            "--start", "earliest", "--store", scratch.path("store.db"),
            "--dead-letter-file", scratch.path("dead.jsonl"), "--log-level", "warning",
            "--batch-size", "20", "--threshold", "0.7", "--checkpoint-interval", "1s",
            "--kafka-property", "session.timeout.ms=6000",
            "--kafka-property", "transaction.timeout.ms=6000",
        ] + more
    }

    struct Anomaly: Hashable {
        var key: String
        var identity: String?
        var entity: String?
        var value: String
    }

    /// Everything that a reader of committed records sees.
    private func read(_ cluster: TestCluster, _ topic: String) throws -> [Anomaly] {
        let consumer = try cluster.makeConsumer(of: topic) { $0.reportsPartitionEnd = true }
        let events = try consumer.poll { events in
            events.contains { if case .reachedEnd = $0 { true } else { false } }
        }
        try consumer.close()
        return events.batches.flatMap { batch in
            batch.entries.map { entry in
                let headers = batch.headers(of: entry)
                func header(_ name: String) -> String? {
                    headers.first { $0.name == name }.map { String(decoding: $0.value ?? [], as: UTF8.self) }
                }
                return Anomaly(
                    key: String(decoding: batch.key(of: entry) ?? [], as: UTF8.self),
                    identity: header("timberline.identity"),
                    entity: header("timberline.entity"),
                    value: String(decoding: batch.value(of: entry) ?? [], as: UTF8.self)
                )
            }
        }
    }

    @Test("the topic holds the same JSON as the output, by identity or by entity", arguments: TestKafka.all)
    func sameJSON(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        try cluster.produce(SampleLog(count: 400, services: 2).lines, to: topic, partition: 0)
        for key in ["identity", "entity"] {
            let anomalies = try cluster.makeTopic("anomalies")
            let config = try scratch.write("\(key).yaml", "anomalies: {key: \(key)}\n")
            let ran = try scratch.run(
                arguments(
                    cluster,
                    topic,
                    anomalies,
                    [
                        "--exit-at-end", "--by", "service", "--output", "json", "--config", config,
                        "--group", cluster.uniqueName("g"),
                    ]
                )
            )
            #expect(ran.code == .success, "\(ran.errors)")
            let found = try read(cluster, anomalies)
            #expect(found.count > 10)
            #expect(found.map(\.value) == ran.lines)
            #expect(Set(found.compactMap(\.identity)).count == found.count)
            #expect(found.allSatisfy { $0.key == (key == "identity" ? $0.identity : $0.entity) })
            #expect(Set(found.compactMap(\.entity)) == ["s0", "s1"])
        }
    }

    @Test("exactly-once needs a topic")
    func needsTopic() throws {
        let ran = try scratch.run(["run", "--brokers", "127.0.0.1:1", "--topic", "t", "--exactly-once"])
        #expect(ran.code == .invalidConfiguration)
        #expect(ran.errors.contains("--anomaly-topic"), "\(ran.errors)")
    }

    @Test(
        "killed again and again, a reader of committed records sees every anomaly exactly once",
        arguments: TestKafka.real
    )
    func exactlyOnce(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let (topic, group) = (try cluster.makeTopic(), cluster.uniqueName("g"))
        try cluster.produce(SampleLog(count: 4_000).lines, to: topic, partition: 0)
        let expected = try cluster.makeTopic("expected")
        let whole = try scratch.run(
            arguments(
                cluster,
                topic,
                expected,
                [
                    "--exit-at-end", "--group", cluster.uniqueName("g"),
                    "--checkpoints", "none", "--store", scratch.path("whole.db"),
                ]
            )
        )
        #expect(whole.code == .success, "\(whole.errors)")
        let all = try read(cluster, expected)
        #expect(all.count > 100)

        let anomalies = try cluster.makeTopic("anomalies")
        let command = arguments(cluster, topic, anomalies, ["--exactly-once", "--group", group])
        // Looks on while the program runs: quick enough to kill it in the middle.
        let onlooker = try cluster.makeConsumer(of: anomalies)
        var seen = 0
        for part in 1...3 {
            let program = try scratch.start(command)
            try program.wait(60) {
                seen += try onlooker.poll(maximumCount: 10_000, timeout: .milliseconds(20)).recordCount
                return seen > all.count * part / 5
            }
            program.send(SIGKILL)
            #expect(program.wait() == -SIGKILL)
        }
        try onlooker.close()
        let last = try scratch.run(command + ["--exit-at-end"])
        #expect(last.code == .success, "\(last.errors)")
        var found = try read(cluster, anomalies)
        // A transaction that a kill left open holds up the readers until its time is over.
        for _ in 0..<120 where found.count < all.count {
            usleep(500_000)
            found = try read(cluster, anomalies)
        }
        #expect(found.count == all.count)
        #expect(Set(found) == Set(all))
        #expect(Set(found.map(\.identity)).count == found.count)
    }
}
