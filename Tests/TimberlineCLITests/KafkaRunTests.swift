import AnomalyStore
import DetectionPipeline
import Foundation
import KafkaClient
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// `timberline run` from broker to store. The mock's limits are librdkafka's: no starting time.
@Suite(.ownThread) struct KafkaRunTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func arguments(_ cluster: TestCluster, _ topic: String, group: String, _ more: [String] = [])
        -> [String]
    {
        let session = cluster.mock == nil ? "6000" : "5000"
        return [
            "run", "--brokers", cluster.brokers, "--topic", topic, "--group", group, "--start", "earliest",
            "--store", scratch.path("store.db"), "--dead-letter-file", scratch.path("dead.jsonl"),
            "--log-level", "warning",
            "--kafka-property", "session.timeout.ms=\(session)", "--kafka-property",
            "auto.commit.interval.ms=100",
        ] + more
    }

    private func stored(_ store: String = "store.db") throws -> [ScoredRecord] {
        var query = AnomalyQuery()
        query.includesNormal = true
        var records: [ScoredRecord] = []
        try AnomalyStoreReader(path: scratch.path(store)).forEach(query) { records.append($0) }
        return records
    }

    private func committed(_ cluster: TestCluster, _ topic: String, group: String) throws -> Int64? {
        let consumer = try KafkaConsumer(
            KafkaConsumerConfiguration(properties: cluster.properties, group: group)
        )
        let partition = KafkaTopicPartition(topic, 0)
        return try consumer.committed([partition])[partition]
    }

    @Test(
        "a file by score, and by kcat and run, gives the same scores and anomalies",
        .enabled(if: Kcat.isAvailable, "kcat is not installed (Debian: kcat)"),
        arguments: TestKafka.all
    )
    func sameAsScore(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        let log = SampleLog(count: 2_000, services: 3)
        let path = try scratch.write("app.log", log.text)
        #expect(try Kcat.produce(cluster.brokers, topic: topic, lines: log.lines, ["-p", "0"]).status == 0)
        let detection = ["--by", "service", "--threshold", "0.9"]
        let scored = try scratch.run(["score", "--store", scratch.path("file.db"), path] + detection)
        let ran = try scratch.run(
            arguments(
                cluster,
                topic,
                group: cluster.uniqueName("group"),
                ["--exit-at-end", "--batch-size", "77"] + detection
            )
        )
        #expect(ran.code == .success, "\(ran.errors)")
        func plain(_ records: [ScoredRecord]) -> [ScoredRecord] {
            records.map { record in
                var record = record
                record.identity = RecordIdentity(stream: RecordStream(origin: "", name: ""), offset: 0)
                return record
            }
        }
        let (fromFile, fromKafka) = (plain(try stored("file.db")), plain(try stored()))
        #expect(fromFile.count > 100 && scored.code == .success)
        #expect(fromFile == fromKafka)
        #expect(fromKafka.contains { $0.line?.contains("45000") == true })
    }

    @Test(
        "kill -9 in the middle: every record is read to the end, no anomaly is stored twice",
        arguments: TestKafka.all
    )
    func killed(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let (topic, group) = (try cluster.makeTopic(), cluster.uniqueName("group"))
        let count = 6_000
        var lines = SampleLog(count: count).lines
        // Poison all over: each dead letter proves that its part of the log was read.
        for index in stride(from: 50, to: count, by: 100) { lines[index] = "{\"poison\":\(index)," }
        try cluster.produce(lines, to: topic, partition: 0)
        let command = arguments(cluster, topic, group: group, ["--batch-size", "20", "--threshold", "0.5"])
        let first = try scratch.start(command)
        try first.wait(40) { (try? stored().count) ?? 0 > 500 }
        first.send(SIGKILL)
        #expect(first.wait() == -SIGKILL)
        let before = try stored()
        #expect(before.count < count - 500, "it was too fast to be killed in the middle")
        let middle = try #require(try committed(cluster, topic, group: group))
        #expect(middle > 0 && middle < count)
        #expect(try #require(before.map(\.identity.offset).max()) < middle + 40, "stored far past the commit")

        let second = try scratch.run(command + ["--exit-at-end"])
        #expect(second.code == .success, "\(second.errors)")
        #expect(try committed(cluster, topic, group: group) == Int64(count))
        let after = try stored()
        #expect(Set(after.map(\.identity)).count == after.count)
        #expect(after.count > before.count)
        // What was stored first stays as it was.
        #expect(Array(Set(before).subtracting(after)).isEmpty)
        let letters = try scratch.read("dead.jsonl").split(separator: "\n")
        let poisons = Set(letters.compactMap { $0.firstMatch(of: /poison\\":(\d+),/).map { Int($0.1) } })
        #expect(poisons.count == count / 100, "\(letters.first ?? "")")
    }

    @Test(
        "SIGTERM finishes the batch, commits, leaves the group and ends with 0",
        arguments: [TestKafka.mock, .real("4.3.1")]
    )
    func drain(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let (topic, group) = (try cluster.makeTopic(), cluster.uniqueName("group"))
        try cluster.produce(SampleLog(count: 300).lines, to: topic, partition: 0)
        let program = try scratch.start(arguments(cluster, topic, group: group, ["--log-level", "info"]))
        try program.wait { program.output.contains("45000") }
        program.send(SIGTERM)
        #expect(program.wait(20) == 0)
        #expect(program.errors.contains("stopped"))
        #expect(try committed(cluster, topic, group: group) == 300)
    }

    @Test(
        "a poison record goes to the dead-letter topic with the reason, and the rest goes on",
        arguments: TestKafka.all
    )
    func poison(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let (topic, dead) = (try cluster.makeTopic(), try cluster.makeTopic("dead"))
        var lines = SampleLog(count: 200).lines
        lines[100] = "{\"truncated\":"
        try cluster.produce(lines, to: topic, partition: 0)
        let ran = try scratch.run(
            arguments(
                cluster,
                topic,
                group: cluster.uniqueName("group"),
                ["--exit-at-end", "--dead-letter-topic", dead]
            )
        )
        #expect(ran.code == .success, "\(ran.errors)")
        #expect(ran.output.contains("45000"))
        let consumer = try cluster.makeConsumer(of: dead) { $0.readsHeaders = true }
        let batch = try #require(try consumer.records(1).batches.first)
        let entry = batch.entries[0]
        #expect(batch.value(of: entry) == Array("{\"truncated\":".utf8))
        let headers = Dictionary(
            batch.headers(of: entry).map { ($0.name, String(decoding: $0.value ?? [], as: UTF8.self)) }
        ) { first, _ in first }
        #expect(headers["timberline.offset"] == "100")
        #expect(headers["timberline.topic"] == topic)
        #expect(headers["timberline.reason"]?.isEmpty == false)
    }

    @Test("--start with a time begins there", arguments: TestKafka.real)
    func startingTime(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        var batch = KafkaProducerBatch(topic: topic)
        for (index, line) in SampleLog(count: 300).lines.enumerated() {
            batch.append(
                value: line.utf8,
                timestampMilliseconds: 1_700_000_000_000 + Int64(index) * 1_000,
                partition: 0
            )
        }
        for delivery in try KafkaProducer(cluster.properties).produce(batch) {
            #expect(delivery.error == nil)
        }
        var command = arguments(
            cluster,
            topic,
            group: cluster.uniqueName("group"),
            ["--exit-at-end", "--threshold", "0"]
        )
        command[command.firstIndex(of: "earliest") ?? 0] = "2023-11-14T22:15:00Z"
        let ran = try scratch.run(command)
        #expect(ran.code == .success, "\(ran.errors)")
        // 100 s after the first record; 32 records are learnt before the first score.
        #expect(try stored().map(\.identity.offset).min() == 132)
    }

    @Test(
        "a topic deleted and made again has other records than before",
        arguments: [TestKafka.real("4.3.1")]
    )
    func recreatedTopic(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        let admin = try KafkaAdmin(cluster.properties)
        for round in 1...2 {
            try cluster.produce(SampleLog(count: 100, odd: 90).lines, to: topic, partition: 0)
            let ran = try scratch.run(
                arguments(
                    cluster,
                    topic,
                    group: cluster.uniqueName("group"),
                    ["--exit-at-end", "--threshold", "0"]
                )
            )
            #expect(ran.code == .success, "\(ran.errors)")
            #expect(try stored().count == 68 * round, "\(ran.errors)")
            guard round == 1 else { break }
            try admin.deleteTopic(topic)
            try createAgain(topic, admin)
        }
    }

    /// Deleting goes on after its answer: until then the name is taken, and for a moment after, the broker
    /// still gives and takes records of the old topic under it.
    private func createAgain(_ topic: String, _ admin: KafkaAdmin) throws {
        let partition = KafkaTopicPartition(topic, 0)
        for _ in 0..<400 {
            try? admin.createTopic(.init(topic, partitions: 1, replicationFactor: 1))
            if (try? admin.watermarks(of: [partition])[partition]) == 0..<0 { return }
            usleep(50_000)
        }
        Issue.record("\(topic) cannot be made again")
    }

    @Test(
        "two consumers, one coming and going: every record reaches the store once",
        arguments: [TestKafka.real("4.3.1")]
    )
    func rebalance(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let (topic, group) = (try cluster.makeTopic(partitions: 4), cluster.uniqueName("group"))
        let lines = SampleLog(count: 500, odd: -1).lines.enumerated().map { index, line in
            index % 10 == 9 ? "{\"poison\":\(index)," : line
        }
        func produce() throws {
            for partition in 0..<4 as Range<Int32> {
                try cluster.produce(lines, to: topic, partition: partition)
            }
        }
        func letters() -> Int {
            let text = ["dead.jsonl", "dead2.jsonl"].compactMap { try? scratch.read($0) }.joined()
            return Set(text.matches(of: /"partition":(\d+),"offset":(\d+)/).map { "\($0.1)/\($0.2)" }).count
        }
        try produce()
        let command = arguments(cluster, topic, group: group, ["--batch-size", "25", "--log-level", "info"])
        let first = try scratch.start(command)
        try first.wait { letters() >= 200 }
        var other = command
        other[other.firstIndex(of: scratch.path("dead.jsonl")) ?? 0] = scratch.path("dead2.jsonl")
        let second = try scratch.start(other)
        try second.wait { second.errors.contains("partitions_assigned") }
        try produce()
        try second.wait { letters() >= 400 }
        second.send(SIGTERM)
        #expect(second.wait(20) == 0)
        try produce()
        try first.wait { letters() >= 600 }
        first.send(SIGTERM)
        #expect(first.wait(20) == 0)
        #expect(letters() == 600)
        let consumer = try KafkaConsumer(
            KafkaConsumerConfiguration(properties: cluster.properties, group: group)
        )
        let partitions = (0..<4).map { KafkaTopicPartition(topic, Int32($0)) }
        #expect(try consumer.committed(partitions).values.allSatisfy { $0 == 1_500 })
    }

    @Test("a topic that does not exist is an error with its name", arguments: [TestKafka.real("4.3.1")])
    func unknownTopic(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = cluster.uniqueName("none")
        let ran = try scratch.run(
            arguments(cluster, topic, group: cluster.uniqueName("group"), ["--exit-at-end"])
        )
        #expect(ran.code == .unreadableInput)
        #expect(ran.errors.contains(topic), "\(ran.errors)")
    }
}
