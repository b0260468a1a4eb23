import Foundation
import HTTPTestSupport
import KafkaClient
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// `timberline forward` from a topic to another, and to an HTTP endpoint.
@Suite(.ownThread, .timeLimit(.minutes(5))) struct ForwardTests {
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

    private func lines(_ count: Int, _ stem: String = "record") -> [String] {
        (0..<count).map { "{\"n\":\($0),\"text\":\"\(stem)\"}" }
    }

    private func read(_ cluster: TestCluster, _ topic: String, _ count: Int) throws -> [KafkaBatch] {
        let consumer = try cluster.makeConsumer(of: topic)
        defer { try? consumer.close() }
        return try consumer.records(count).batches
    }

    // MARK: - Topics

    @Test(
        "key, value, headers and timestamp arrive as they were, with the place they come from",
        arguments: TestKafka.all
    )
    func asTheyWere(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let (topic, copy) = (try cluster.makeTopic(), try cluster.makeTopic("copy"))
        var batch = KafkaProducerBatch(topic: topic)
        batch.append(
            value: [0, 255, 10],
            key: Array("k".utf8),
            headers: [KafkaHeader("trace", [1, 0]), KafkaHeader("trace", nil), KafkaHeader("empty", [])],
            timestampMilliseconds: 1_600_000_000_123
        )
        batch.appendTombstone(key: Array("gone".utf8), timestampMilliseconds: 1_600_000_000_456)
        batch.append(value: "no key".utf8)
        for delivery in try KafkaProducer(cluster.properties).produce(batch) {
            #expect(delivery.error == nil)
        }
        let group = cluster.uniqueName("g")
        let ran = try scratch.run(
            arguments(cluster, topic, to: "topic:\(copy)", ["--exit-at-end", "--group", group])
        )
        #expect(ran.code == .success, "\(ran.errors)")
        let batches = try read(cluster, copy, 3)
        let entries = batches.flatMap { batch in batch.entries.map { (batch, $0) } }
        #expect(entries.map { $0.0.value(of: $0.1) } == [[0, 255, 10], nil, Array("no key".utf8)])
        #expect(entries.map { $0.0.key(of: $0.1) } == [Array("k".utf8), Array("gone".utf8), nil])
        #expect(entries[0].1.timestampMilliseconds == 1_600_000_000_123)
        #expect(entries[1].1.timestampMilliseconds == 1_600_000_000_456)
        let headers = entries[0].0.headers(of: entries[0].1)
        #expect(
            headers.prefix(3) == [
                KafkaHeader("trace", [1, 0]), KafkaHeader("trace", nil), KafkaHeader("empty", []),
            ]
        )
        let origin = entries.map { batch, entry in
            batch.headers(of: entry).first { $0.name == "timberline.offset" }.map {
                String(decoding: $0.value ?? [], as: UTF8.self)
            }
        }
        #expect(origin == ["0", "1", "2"])
        #expect(try cluster.committed(topic, group: group) == 3)
    }

    @Test(
        "killed again and again: all arrive, each partition in its order, what comes twice says so",
        arguments: TestKafka.real
    )
    func killed(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic(partitions: 3)
        let copy = try cluster.makeTopic("copy", partitions: 3)
        let count = 20_000
        for partition in 0..<3 as Range<Int32> {
            try cluster.produce(lines(count, "p\(partition)"), to: topic, partition: partition)
        }
        let group = cluster.uniqueName("g")
        let command = arguments(
            cluster,
            topic,
            to: "topic:\(copy)",
            [
                "--group", group, "--send-records", "20", "--to-brokers", cluster.brokers, "--to-property",
                "linger.ms=5",
            ]
        )
        func total() throws -> Int64 {
            try (0..<3).reduce(0) { try $0 + (cluster.committed(topic, group: group, partition: $1) ?? 0) }
        }
        for part in 1...3 {
            let program = try scratch.start(command)
            try program.wait(60) { try total() > count * part / 2 }
            program.send(SIGKILL)
            #expect(program.wait() == -SIGKILL)
        }
        #expect(try total() < 3 * count, "it was too fast to be killed in the middle")
        let last = try scratch.run(command + ["--exit-at-end"])
        #expect(last.code == .success, "\(last.errors)")
        #expect(try total() == 3 * count)
        var seen: [Int32: [Int64]] = [:]
        let consumer = try cluster.makeConsumer(of: copy)
        try consumer.poll(within: 60) { events in
            seen = [:]
            for batch in events.batches {
                for entry in batch.entries {
                    let offset =
                        batch.headers(of: entry).first { $0.name == "timberline.offset" }?.value ?? []
                    seen[batch.partition, default: []].append(
                        Int64(String(decoding: offset, as: UTF8.self)) ?? -1
                    )
                }
            }
            return seen.values.reduce(0) { $0 + Set($1).count } >= 3 * count
        }
        try consumer.close()
        for (partition, offsets) in seen {
            var first: Set<Int64> = []
            let order = offsets.filter { first.insert($0).inserted }
            #expect(order == (0..<Int64(count)).map { $0 }, "partition \(partition)")
        }
    }

    @Test(
        "a record that is too large for the target is a dead letter, and the rest goes on",
        arguments: TestKafka.real
    )
    func tooLarge(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        let (copy, dead) = (try cluster.makeTopic("copy"), try cluster.makeTopic("dead"))
        // Larger than what the dead-letter topic takes too, so that it arrives there cut.
        let text = String(repeating: "x", count: 900_000)
        try cluster.produce(["a", text, "b"], to: topic, partition: 0)
        let ran = try scratch.run(
            arguments(
                cluster,
                topic,
                to: "topic:\(copy)",
                [
                    "--exit-at-end", "--group", cluster.uniqueName("g"), "--dead-letter-topic", dead,
                    "--kafka-property", "message.max.bytes=600000",
                ]
            )
        )
        #expect(ran.code == .success, "\(ran.errors)")
        #expect(
            try read(cluster, copy, 2).flatMap { batch in batch.entries.map { batch.value(of: $0) } } == [
                [97], [98],
            ]
        )
        let batch = try #require(try read(cluster, dead, 1).first)
        #expect(batch.value(of: batch.entries[0]) == Array(text.utf8.prefix(250_000)))
        let headers = Dictionary(
            batch.headers(of: batch.entries[0]).map {
                ($0.name, String(decoding: $0.value ?? [], as: UTF8.self))
            }
        ) { $1 }
        #expect(headers["timberline.cut.value"] == "900000")
        #expect(headers["timberline.offset"] == "1" && headers["timberline.attempt"] == "1")
        #expect(headers["timberline.reason"]?.contains("message.max.bytes") == true)
    }

    @Test(
        "a target topic that is not there, or is the source, is an error with its name",
        arguments: [TestKafka.real("4.3.1")]
    )
    func wrongTarget(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let (topic, none) = (try cluster.makeTopic(), cluster.uniqueName("none"))
        let missing = try scratch.run(arguments(cluster, topic, to: "topic:\(none)", ["--exit-at-end"]))
        #expect(missing.code == .cannotWrite && missing.errors.contains(none), "\(missing.errors)")
        let loop = try scratch.run(arguments(cluster, topic, to: "topic:\(topic)", ["--exit-at-end"]))
        #expect(loop.code == .invalidConfiguration && loop.errors.contains(topic), "\(loop.errors)")
    }

    // MARK: - HTTP

    private struct Posted: Decodable {
        var partition: Int32
        var offset: Int64
        var value: String?
    }

    /// The records of all acknowledged requests, in the order of the answers.
    private func posted(_ stub: HTTPStub) throws -> [Posted] {
        try stub.requests.filter { $0.status == 200 }.flatMap { request in
            if request.fields["content-type"] == "application/json" {
                return try JSONDecoder().decode([Posted].self, from: Data(request.body.utf8))
            }
            return try request.body.split(separator: "\n").map {
                try JSONDecoder().decode(Posted.self, from: Data($0.utf8))
            }
        }
    }

    @Test(
        "all records reach an endpoint in batches, each partition in its order",
        .enabled(if: HTTPStub.isAvailable, Comment(rawValue: HTTPStub.absence)),
        arguments: ["lines", "array"]
    )
    func http(_ form: String) throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic(partitions: 2)
        for partition in 0..<2 as Range<Int32> {
            try cluster.produce(lines(250), to: topic, partition: partition)
        }
        let stub = try HTTPStub()
        let group = cluster.uniqueName("g")
        let ran = try scratch.run(
            arguments(
                cluster,
                topic,
                to: stub.url,
                [
                    "--exit-at-end", "--group", group, "--http-form", form, "--send-records", "100",
                    "--http-header", "Authorization=Bearer abc",
                ]
            )
        )
        #expect(ran.code == .success, "\(ran.errors)")
        let records = try posted(stub)
        for partition in 0..<2 as Range<Int32> {
            let own = records.filter { $0.partition == partition }
            #expect(own.map(\.offset) == (0..<250).map { Int64($0) })
            #expect(own.map(\.value) == lines(250))
            #expect(try cluster.committed(topic, group: group, partition: partition) == 250)
        }
        #expect(
            stub.requests.allSatisfy { $0.method == "POST" && $0.fields["authorization"] == "Bearer abc" }
        )
        let keys = stub.requests.compactMap { $0.fields["idempotency-key"] }
        #expect(Set(keys).count == stub.requests.count)
        #expect(keys.contains { $0.contains("/1/0-") }, "\(keys)")
    }

    @Test(
        "an endpoint that fails gets the same batch again; killed meanwhile nothing is lost",
        .enabled(if: HTTPStub.isAvailable, Comment(rawValue: HTTPStub.absence)),
        arguments: TestKafka.real
    )
    func outages(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic(partitions: 2)
        for partition in 0..<2 as Range<Int32> {
            try cluster.produce(lines(500), to: topic, partition: partition)
        }
        let stub = try HTTPStub()
        let group = cluster.uniqueName("g")
        let command = arguments(
            cluster,
            topic,
            to: stub.url,
            ["--group", group, "--send-records", "25", "--timeout", "2s"]
        )
        var plan = HTTPStub.Plan()
        plan.status = 503
        try stub.answer(plan)
        let first = try scratch.start(command)
        try first.wait { stub.requests.filter { $0.status == 503 }.count >= 6 }
        let refused = stub.requests
        // The same records each time.
        #expect(Set(refused.compactMap { $0.fields["idempotency-key"] }).count <= 2)
        #expect(try cluster.committed(topic, group: group) ?? 0 == 0)
        plan.status = 429
        plan.fields = ["Retry-After": "1"]
        try stub.answer(plan)
        try first.wait { stub.requests.contains { $0.status == 429 } }
        plan.hangsUp = true
        try stub.answer(plan)
        try first.wait { stub.requests.contains { $0.status == 0 } }
        plan = HTTPStub.Plan()
        plan.delay = 0.02
        try stub.answer(plan)
        try first.wait { try cluster.committed(topic, group: group) ?? 0 > 50 }
        first.send(SIGKILL)
        #expect(first.wait() == -SIGKILL)
        #expect(try posted(stub).count < 1_000, "it was too fast to be killed in the middle")
        try stub.answer(HTTPStub.Plan())
        let last = try scratch.run(command + ["--exit-at-end"])
        #expect(last.code == .success, "\(last.errors)")
        let records = try posted(stub)
        for partition in 0..<2 as Range<Int32> {
            var seen: Set<Int64> = []
            let order = records.filter { $0.partition == partition }.map(\.offset).filter {
                seen.insert($0).inserted
            }
            #expect(order == (0..<500).map { Int64($0) })
            #expect(try cluster.committed(topic, group: group, partition: partition) == 500)
        }
    }

    @Test(
        "a record that the endpoint refuses is found, goes to the dead letters, and the rest goes on",
        .enabled(if: HTTPStub.isAvailable, Comment(rawValue: HTTPStub.absence))
    )
    func poison() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        var lines = lines(300)
        lines[123] = "poisonous"
        try cluster.produce(lines, to: topic, partition: 0)
        var plan = HTTPStub.Plan()
        plan.poison = "poisonous"
        plan.poisonStatus = 422
        let stub = try HTTPStub(plan)
        let ran = try scratch.run(
            arguments(cluster, topic, to: stub.url, ["--exit-at-end", "--group", cluster.uniqueName("g")])
        )
        #expect(ran.code == .success, "\(ran.errors)")
        #expect(try posted(stub).map(\.offset) == (0..<300).filter { $0 != 123 }.map { Int64($0) })
        let letters = try scratch.read("dead.jsonl").split(separator: "\n")
        #expect(letters.count == 1)
        #expect(letters[0].contains("\"offset\":123") && letters[0].contains("422"))
        #expect(letters[0].contains("\"attempt\":1") && letters[0].contains("\"value\":\"poisonous\""))
    }

    @Test(
        "SIGTERM while the endpoint is down ends with 0, and what it has not taken is not committed",
        .enabled(if: HTTPStub.isAvailable, Comment(rawValue: HTTPStub.absence))
    )
    func drain() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        try cluster.produce(lines(100), to: topic, partition: 0)
        let stub = try HTTPStub()
        let group = cluster.uniqueName("g")
        let program = try scratch.start(arguments(cluster, topic, to: stub.url, ["--group", group]))
        try program.wait { try cluster.committed(topic, group: group) == 100 }
        stub.stop()
        try cluster.produce(lines(100), to: topic, partition: 0)
        try program.wait { program.errors.contains("send_failed") }
        program.send(SIGTERM)
        #expect(program.wait(30) == 0, "\(program.errors)")
        #expect(try cluster.committed(topic, group: group) == 100)
    }

    @Test("an endpoint that never answers is an error after the time given: 69")
    func unavailable() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        let config = try scratch.write("forward.yaml", "kafka: {connect-timeout: 1s}\n")
        let ran = try scratch.run(
            arguments(cluster, topic, to: "http://127.0.0.1:1/", ["--exit-at-end", "--config", config])
        )
        #expect(ran.code == .unavailable, "\(ran.errors)")
        for target in ["nowhere", "topic:", "https://"] {
            let wrong = try scratch.run(arguments(cluster, topic, to: target))
            #expect(wrong.code == .usage, "\(target): \(wrong.errors)")
        }
    }
}
