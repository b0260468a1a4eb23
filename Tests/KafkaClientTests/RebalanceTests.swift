import Foundation
import KafkaClient
import KafkaTestSupport
import Testing

@Suite("Rebalances", .ownThread, .timeLimit(.minutes(2)))
struct RebalanceTests {
    @Test("Owners who commit on revocation hand over without loss or repetition", arguments: TestKafka.all)
    func handOver(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic(partitions: 4)
        let group = cluster.uniqueName("group")
        let producer = try KafkaProducer(cluster.properties)
        func produce(_ range: Range<Int>) {
            var batch = KafkaProducerBatch(topic: topic)
            for index in range { batch.append(value: "\(index)".utf8, partition: Int32(index % 4)) }
            #expect(producer.produce(batch).allSatisfy { $0.error == nil })
        }
        let first = try Owner(cluster, topic, group)
        produce(0..<200)
        try first.step { first.seen.count == 200 }
        #expect(first.consumer.assignment.count == 4)
        let generation = try #require(first.consumer.groupMetadata()?.generation)

        let second = try Owner(cluster, topic, group)
        try Owner.step([first, second]) {
            first.consumer.assignment.count == 2 && second.consumer.assignment.count == 2
        }
        #expect(first.revocations >= 1)
        produce(200..<400)
        try Owner.step([first, second]) { Set(first.seen + second.seen).count == 400 }
        let later = try #require(first.consumer.groupMetadata()?.generation)
        #expect(later > generation)
        #expect(second.consumer.groupMetadata()?.generation == later)
        #expect(second.consumer.groupMetadata()?.member != first.consumer.groupMetadata()?.member)

        try first.finish()
        try second.step { second.consumer.assignment.count == 4 }
        produce(400..<500)
        try second.step { Set(first.seen + second.seen).count == 500 }
        try second.finish()
        let seen = (first.seen + second.seen).sorted()
        #expect(cluster.mock == nil ? seen == Array(0..<500) : Set(seen) == Set(0..<500))
    }

    @Test("Who polls too late loses its partitions and is told so", arguments: TestKafka.all)
    func lost(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        let partition = KafkaTopicPartition(topic, 0)
        let isMock = cluster.mock != nil
        let limit = isMock ? 5000 : 6000
        try cluster.produce(["a"], to: topic)
        let consumer = try cluster.makeConsumer(of: topic) {
            $0.properties["session.timeout.ms"] = "\(limit)"
            $0.properties["max.poll.interval.ms"] = "\(limit)"
            $0.properties["heartbeat.interval.ms"] = "300"
        }
        _ = try consumer.records(1)
        Thread.sleep(forTimeInterval: Double(limit) / 1000 + 1.5)
        let events = try consumer.poll { events in
            events.contains { if case .lost([partition]) = $0 { true } else { false } }
        }
        #expect(events.failures.contains { $0.code == .maximumPollExceeded })
        let error = #expect(throws: KafkaError.self) { try consumer.commit([partition: 1]) }
        #expect(error?.isRetriable == false)
        // It comes back by itself, at what was committed: nothing.
        #expect(try consumer.records(1).texts == ["a"])
        try consumer.commit([partition: 1])
        try consumer.close()
    }

    @Test("Who waits long for something else keeps its partitions", arguments: TestKafka.all)
    func keptAlive(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        let partition = KafkaTopicPartition(topic, 0)
        let limit = cluster.mock != nil ? 5000 : 6000
        try cluster.produce(["a"], to: topic)
        let consumer = try cluster.makeConsumer(of: topic) {
            $0.properties["session.timeout.ms"] = "\(limit)"
            $0.properties["max.poll.interval.ms"] = "\(limit)"
            $0.properties["heartbeat.interval.ms"] = "300"
        }
        // The beginning itself may be what takes long: the assignment is not answered meanwhile.
        _ = try consumer.poll { events in
            events.contains { if case .assigned([partition]) = $0 { true } else { false } }
        }
        let end = Date().addingTimeInterval(Double(limit) / 1000 + 1.5)
        while Date() < end {
            consumer.keepAlive()
            Thread.sleep(forTimeInterval: 0.1)
        }
        try consumer.completeRebalance(startingAt: [partition: 0])
        let events = try consumer.poll { $0.texts == ["a"] }
        #expect(events.failures.isEmpty)
        try consumer.commit([partition: 1])
        try consumer.close()
    }

    @Test("A pause ends when the partition is given up", arguments: TestKafka.all)
    func pausedBefore(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        let partition = KafkaTopicPartition(topic, 0)
        try cluster.produce(["a", "b"], to: topic)
        let consumer = try cluster.makeConsumer(of: topic)
        _ = try consumer.records(2)
        try consumer.commit([partition: 1])
        try consumer.pause([partition])
        // Another subscription gives all up, and takes this one anew.
        try consumer.subscribe(.topics([topic, try cluster.makeTopic()]))
        let events = try consumer.poll { $0.revoked == [partition] && $0.recordCount == 1 }
        #expect(events.texts == ["b"])
        try consumer.close()
    }

    @Test(
        "A static member that comes back in time finds its partitions, and nobody else moves",
        arguments: TestKafka.real
    )
    func staticMember(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic(partitions: 2)
        let group = cluster.uniqueName("group")
        let other = try Owner(cluster, topic, group, member: "other")
        var restarted = try Owner(cluster, topic, group, member: "restarted")
        try Owner.step([other, restarted]) {
            other.consumer.assignment.count == 1 && restarted.consumer.assignment.count == 1
        }
        let before = restarted.consumer.assignment
        let revocations = other.revocations
        try restarted.finish()
        restarted = try Owner(cluster, topic, group, member: "restarted")
        try Owner.step([other, restarted]) { restarted.consumer.assignment == before }
        try Owner.step([other], until: { other.revocations > revocations }, atMost: 1)
        #expect(other.revocations == revocations)
        try restarted.finish()
        try other.finish()
    }

    @Test(
        "The cooperative assignor moves only what must move",
        .enabled(
            if: KafkaLibrary.version >= KafkaLibrary.soundCooperativeSticky,
            "slow: needs a newer librdkafka than \(KafkaLibrary.versionText), which make test-slow brings"
        ),
        arguments: TestKafka.all
    )
    func cooperative(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic(partitions: 4)
        let group = cluster.uniqueName("group")
        let first = try Owner(cluster, topic, group, assignor: "cooperative-sticky")
        try cluster.produce((0..<40).map { "\($0)" }, to: topic)
        try first.step { first.seen.count == 40 }
        let second = try Owner(cluster, topic, group, assignor: "cooperative-sticky")
        try Owner.step([first, second]) {
            first.consumer.assignment.count == 2 && second.consumer.assignment.count == 2
        }
        #expect(first.revoked.count == 2)
        try cluster.produce((40..<80).map { "\($0)" }, to: topic)
        try Owner.step([first, second]) { Set(first.seen + second.seen).count == 80 }
        try first.finish()
        try second.step { second.consumer.assignment.count == 4 }
        try second.finish()
        #expect(cluster.mock != nil || first.seen.count + second.seen.count == 80)
    }

    @Test("A pattern takes in topics that come later", arguments: TestKafka.all)
    func pattern(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let stem = cluster.uniqueName("logs")
        let first = try cluster.makeTopic(stem + "-first")
        try cluster.produce(["one"], to: first)
        var configuration = KafkaConsumerConfiguration(
            properties: cluster.properties,
            group: cluster.uniqueName("group"),
            startingPosition: .earliest
        )
        configuration.properties["topic.metadata.refresh.interval.ms"] = "300"
        if cluster.mock != nil { configuration.properties["session.timeout.ms"] = "5000" }
        let consumer = try KafkaConsumer(configuration)
        try consumer.subscribe(.pattern(stem + "-.*"))
        #expect(try consumer.records(1).texts == ["one"])
        let second = try cluster.makeTopic(stem + "-second")
        try cluster.produce(["two"], to: second)
        let stranger = try cluster.makeTopic("x" + stem + "-third")
        try cluster.produce(["three"], to: stranger)
        let events = try consumer.poll { $0.texts.contains("two") }
        #expect(!events.texts.contains("three"))
        #expect(events.assigned.map(\.topic).contains(second))
        try consumer.close()
    }
}

/// A member that commits what it has before it gives partitions up.
private final class Owner {
    let consumer: KafkaConsumer
    private(set) var seen: [Int] = []
    private(set) var revocations = 0
    private(set) var revoked: Set<KafkaTopicPartition> = []
    private var done: [KafkaTopicPartition: Int64] = [:]
    private let toleratesRefusal: Bool

    init(
        _ cluster: TestCluster,
        _ topic: String,
        _ group: String,
        member: String? = nil,
        assignor: String = "range"
    ) throws {
        toleratesRefusal = cluster.mock != nil
        consumer = try cluster.makeConsumer(of: topic, group: group) {
            $0.staticMember = member
            $0.properties["heartbeat.interval.ms"] = "200"
            $0.properties["partition.assignment.strategy"] = assignor
        }
    }

    static func step(_ owners: [Owner], until done: () -> Bool, atMost seconds: Double? = nil) throws {
        let end = Date().addingTimeInterval(seconds ?? 40)
        while !done() {
            if Date() > end {
                try #require(seconds != nil, "the owners came to no end")
                return
            }
            for owner in owners { try owner.poll() }
        }
    }

    static func step(_ owners: [Owner], _ done: () -> Bool) throws {
        try step(owners, until: done)
    }

    func step(_ done: () -> Bool) throws {
        try Self.step([self], done)
    }

    func finish() throws {
        try consumer.commit(done)
        try consumer.close()
    }

    private func poll() throws {
        for event in try consumer.poll(maximumCount: 50, timeout: .milliseconds(50)) {
            switch event {
            case .records(let batch):
                seen += batch.entries.compactMap {
                    Int(String(decoding: batch.value(of: $0) ?? [], as: UTF8.self))
                }
                done[batch.source] = batch.nextOffset
            case .revoked(let partitions):
                revocations += 1
                revoked.formUnion(partitions)
                do throws(KafkaError) {
                    try consumer.commit(done)
                } catch {
                    // The mock's limit: the records come again.
                    if !toleratesRefusal || error.code != .rebalanceInProgress { throw error }
                }
                done = [:]
            case .assigned, .reachedEnd: break
            case .lost, .failed: Issue.record("unexpected: \(event.summary)")
            }
        }
    }
}
