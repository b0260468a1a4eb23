import KafkaClient
import KafkaTestSupport
import Testing

@Suite("Transactions", .ownThread, .timeLimit(.minutes(2)))
struct TransactionTests {
    private func makeProducer(_ cluster: TestCluster, _ identifier: String) throws -> KafkaProducer {
        let producer = try KafkaProducer(cluster.properties.merging(["transactional.id": identifier]))
        try producer.initializeTransactions()
        return producer
    }

    private func batch(_ topic: String, _ lines: [String]) -> KafkaProducerBatch {
        var batch = KafkaProducerBatch(topic: topic)
        for line in lines { batch.append(value: line.utf8) }
        return batch
    }

    @Test(
        "Records of an aborted transaction are not seen, and the lag still ends at zero",
        arguments: TestKafka.real
    )
    func aborted(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        let producer = try makeProducer(cluster, cluster.uniqueName("id"))
        try producer.beginTransaction()
        #expect(producer.produce(batch(topic, ["a", "b"])).allSatisfy { $0.error == nil })
        try producer.commitTransaction()
        try producer.beginTransaction()
        #expect(producer.produce(batch(topic, ["never", "never"])).allSatisfy { $0.error == nil })
        try producer.abortTransaction()
        try producer.beginTransaction()
        #expect(producer.produce(batch(topic, ["c"])).allSatisfy { $0.error == nil })
        try producer.commitTransaction()

        let consumer = try cluster.makeConsumer(of: topic) { $0.reportsPartitionEnd = true }
        let events = try consumer.poll { events in
            events.contains { if case .reachedEnd = $0 { true } else { false } } && events.recordCount >= 3
        }
        #expect(events.texts == ["a", "b", "c"])
        // 3 records, 2 aborted ones, 3 markers.
        #expect(consumer.position(of: KafkaTopicPartition(topic, 0)) == 8)
        #expect(consumer.lag() == [KafkaTopicPartition(topic, 0): 0])
        try consumer.close()
    }

    @Test(
        "Output and offsets are committed together, and a stale generation is refused",
        arguments: TestKafka.real
    )
    func offsets(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let input = try cluster.makeTopic("input")
        let output = try cluster.makeTopic("output")
        let partition = KafkaTopicPartition(input, 0)
        let group = cluster.uniqueName("group")
        try cluster.produce(["1", "2", "3"], to: input)
        let consumer = try cluster.makeConsumer(of: input, group: group)
        let texts = try consumer.records(3).texts
        let producer = try makeProducer(cluster, cluster.uniqueName("id"))
        let metadata = try #require(consumer.groupMetadata())
        try producer.beginTransaction()
        #expect(producer.produce(batch(output, texts)).allSatisfy { $0.error == nil })
        try producer.sendOffsets([partition: 3], of: metadata)
        try producer.commitTransaction()
        #expect(try consumer.committed([partition]) == [partition: 3])
        try consumer.close()

        let next = try cluster.makeConsumer(of: input, group: group)
        try next.poll { !$0.assigned.isEmpty }
        try next.completeRebalance()
        try producer.beginTransaction()
        #expect(producer.produce(batch(output, ["stale"])).allSatisfy { $0.error == nil })
        let error = #expect(throws: KafkaError.self) {
            try producer.sendOffsets([partition: 2], of: metadata)
        }
        #expect(error?.requiresAbort == true)
        try producer.abortTransaction()
        #expect(try next.committed([partition]) == [partition: 3])
        try next.close()

        let reader = try cluster.makeConsumer(of: output) { $0.reportsPartitionEnd = true }
        let events = try reader.poll { $0.contains { if case .reachedEnd = $0 { true } else { false } } }
        #expect(events.texts == ["1", "2", "3"])
        try reader.close()
    }

    @Test("A second producer with the same id ends the first for good", arguments: TestKafka.real)
    func fenced(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        let identifier = cluster.uniqueName("id")
        let first = try makeProducer(cluster, identifier)
        try first.beginTransaction()
        _ = first.produce(batch(topic, ["first"]))
        let second = try makeProducer(cluster, identifier)
        let error = #expect(throws: KafkaError.self) { try first.commitTransaction() }
        #expect(error?.isFatal == true)
        try second.beginTransaction()
        #expect(second.produce(batch(topic, ["second"])).allSatisfy { $0.error == nil })
        try second.commitTransaction()
    }
}
