import Foundation
import KafkaClient
import KafkaTestSupport
import Testing

@Suite("Consuming", .ownThread, .timeLimit(.minutes(2)))
struct ConsumerTests {
    @Test("A group goes on where it committed; closing commits nothing", arguments: TestKafka.all)
    func resume(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        let partition = KafkaTopicPartition(topic, 0)
        let group = cluster.uniqueName("group")
        try cluster.produce((0..<10).map { "\($0)" }, to: topic)

        let first = try cluster.makeConsumer(of: topic, group: group)
        #expect(try first.records(10).texts == (0..<10).map { "\($0)" })
        #expect(first.position(of: partition) == 10)
        #expect(try first.committed([partition]) == [:])
        try first.commit([partition: 4])
        #expect(try first.committed([partition]) == [partition: 4])
        try first.close()

        let second = try cluster.makeConsumer(of: topic, group: group)
        let events = try second.records(6)
        #expect(events.texts == (4..<10).map { "\($0)" })
        #expect(events.assigned == [partition])
        try second.close()
        #expect(throws: KafkaError.self) { try second.poll(maximumCount: 1, timeout: .zero) }
    }

    @Test("The lag is what is left, and ends at zero", arguments: TestKafka.all)
    func lag(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        try cluster.produce((0..<20).map { "\($0)" }, to: topic)
        let consumer = try cluster.makeConsumer(of: topic)
        try consumer.poll(maximumCount: 1) { $0.recordCount == 5 }
        #expect(consumer.lag() == [KafkaTopicPartition(topic, 0): 15])
        _ = try consumer.records(15)
        #expect(consumer.lag() == [KafkaTopicPartition(topic, 0): 0])
        try consumer.close()
    }

    @Test("A pause stops one partition, and resuming skips and repeats nothing", arguments: TestKafka.all)
    func pause(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic(partitions: 2)
        let paused = KafkaTopicPartition(topic, 0)
        try cluster.produce((0..<400).map { "a\($0)" }, to: topic, partition: 0)
        try cluster.produce((0..<400).map { "b\($0)" }, to: topic, partition: 1)
        let consumer = try cluster.makeConsumer(of: topic)
        var texts = try consumer.poll(maximumCount: 10) { events in
            events.texts.contains { $0.hasPrefix("a") }
        }.texts
        try consumer.pause([paused])
        let whilePaused = try consumer.poll { events in
            (texts + events.texts).filter { $0.hasPrefix("b") }.count == 400
        }
        #expect(!whilePaused.texts.contains { $0.hasPrefix("a") })
        texts += whilePaused.texts
        try consumer.resume([paused])
        texts += try consumer.poll { (texts + $0.texts).count >= 800 }.texts
        #expect(texts.filter { $0.hasPrefix("a") } == (0..<400).map { "a\($0)" })
        #expect(texts.filter { $0.hasPrefix("b") } == (0..<400).map { "b\($0)" })
        try consumer.close()
    }

    @Test("Seeking repeats from the offset given", arguments: TestKafka.all)
    func seek(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        try cluster.produce((0..<10).map { "\($0)" }, to: topic)
        let consumer = try cluster.makeConsumer(of: topic)
        _ = try consumer.records(10)
        try consumer.seek(KafkaTopicPartition(topic, 0), to: 7)
        #expect(consumer.position(of: KafkaTopicPartition(topic, 0)) == 7)
        #expect(try consumer.records(3).texts == ["7", "8", "9"])
        try consumer.close()
    }

    @Test("The owner's offsets win over the group's at an assignment", arguments: TestKafka.all)
    func ownOffsets(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        try cluster.produce((0..<10).map { "\($0)" }, to: topic)
        let consumer = try cluster.makeConsumer(of: topic)
        try consumer.poll { !$0.assigned.isEmpty }
        try consumer.completeRebalance(startingAt: [KafkaTopicPartition(topic, 0): 8])
        #expect(consumer.position(of: KafkaTopicPartition(topic, 0)) == 8)
        #expect(try consumer.records(2).texts == ["8", "9"])
        try consumer.close()
    }

    @Test("With the latest position, only what comes later is read", arguments: TestKafka.all)
    func latest(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        let partition = KafkaTopicPartition(topic, 0)
        try cluster.produce(["old"], to: topic)
        let consumer = try cluster.makeConsumer(of: topic) {
            $0.startingPosition = .latest
            $0.reportsPartitionEnd = true
        }
        try consumer.poll { !$0.assigned.isEmpty }
        #expect(try consumer.startingOffsets(of: [partition]) == [partition: 1])
        try consumer.poll { $0.contains { if case .reachedEnd(partition, 1) = $0 { true } else { false } } }
        try cluster.produce(["new"], to: topic)
        #expect(try consumer.records(1).texts == ["new"])
        try consumer.close()
    }

    @Test(
        "A starting time begins at the first record not before it, or at the end",
        arguments: TestKafka.real
    )
    func timestamp(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic(partitions: 2)
        var batch = KafkaProducerBatch(topic: topic)
        for index in 0..<10 {
            batch.append(
                value: "\(index)".utf8,
                timestampMilliseconds: 1_000_000 + Int64(index) * 1000,
                partition: 0
            )
        }
        batch.append(value: "early".utf8, timestampMilliseconds: 1, partition: 1)
        #expect(try KafkaProducer(cluster.properties).produce(batch).allSatisfy { $0.error == nil })
        let consumer = try cluster.makeConsumer(of: topic) {
            $0.startingPosition = .timestamp(milliseconds: 1_006_500)
        }
        #expect(try consumer.records(3).texts == ["7", "8", "9"])
        try cluster.produce(["late"], to: topic, partition: 1)
        #expect(try consumer.records(1).texts == ["late"])
        try consumer.close()
    }

    @Test("Tombstones, empty values and absent keys are told apart", arguments: TestKafka.all)
    func nulls(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        var batch = KafkaProducerBatch(topic: topic)
        batch.append(value: [])
        batch.appendTombstone(key: [1])
        batch.append(value: [2], key: [])
        #expect(try KafkaProducer(cluster.properties).produce(batch).allSatisfy { $0.error == nil })
        let consumer = try cluster.makeConsumer(of: topic)
        let records = try consumer.records(3).batches.flatMap { batch in
            batch.entries.map { (batch.key(of: $0), batch.value(of: $0), $0.isTombstone) }
        }
        try #require(records.count == 3)
        #expect(records[0] == (nil, [], false))
        #expect(records[1] == ([1], nil, true))
        #expect(records[2] == ([], [2], false))
        try consumer.close()
    }

    @Test("A poll of many bytes ends near its bound and loses nothing")
    func bytes() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        let line = String(repeating: "x", count: 1000)
        try cluster.produce((0..<3000).map { "\($0)" + line }, to: topic)
        let consumer = try cluster.makeConsumer(of: topic) { $0.maximumBatchBytes = 100_000 }
        let batches = try consumer.records(3000).batches
        #expect(batches.allSatisfy { $0.entries.count <= 612 })
        let offsets = batches.flatMap { $0.entries.map(\.offset) }
        #expect(offsets == Array(0..<3000))
        try consumer.close()
    }

    @Test("Waking ends a poll from another thread")
    func wake() throws {
        let cluster = try TestKafka.mock.open()
        let consumer = try cluster.makeConsumer(of: try cluster.makeTopic())
        try consumer.poll { !$0.assigned.isEmpty }
        let waker = consumer.waker
        let thread = Thread {
            Thread.sleep(forTimeInterval: 0.3)
            waker.wake()
        }
        thread.start()
        let start = Date()
        _ = try consumer.poll(maximumCount: 1, timeout: .seconds(20))
        #expect(Date().timeIntervalSince(start) < 10)
        try consumer.close()
    }

    @Test("An outage is reported, and consuming goes on after it")
    func outage() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        try cluster.produce(["before"], to: topic)
        let consumer = try cluster.makeConsumer(of: topic) { configuration in
            configuration.properties["reconnect.backoff.max.ms"] = "200"
        }
        _ = try consumer.records(1)
        try cluster.stopMock()
        let failures = try consumer.poll { !$0.failures.isEmpty }.failures
        #expect(failures.first?.code == .allBrokersDown)
        #expect(failures.first?.isRetriable == true)
        try cluster.mock?.startBroker()
        try cluster.produce(["after"], to: topic)
        #expect(try consumer.records(1).texts == ["after"])
        try consumer.close()
    }

    @Test("A topic that is not there is reported by its name", arguments: TestKafka.real)
    func noTopic(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = cluster.uniqueName("absent")
        let consumer = try cluster.makeConsumer(of: topic)
        let failures = try consumer.poll { !$0.failures.isEmpty }.failures
        #expect(failures.first?.code == .unknownTopicOrPartition)
        #expect(failures.first?.description.contains(topic) == true)
        try consumer.close()
    }

    @Test("Statistics arrive as JSON when asked for")
    func statistics() throws {
        let cluster = try TestKafka.mock.open()
        let consumer = try cluster.makeConsumer(of: try cluster.makeTopic()) {
            $0.properties["statistics.interval.ms"] = "50"
        }
        try consumer.poll { _ in consumer.statistics != nil }
        let object = try JSONSerialization.jsonObject(with: Data((consumer.statistics ?? "").utf8))
        #expect((object as? [String: Any])?["type"] as? String == "consumer")
        try consumer.close()
    }
}
