import Foundation
import KafkaClient
import KafkaTestSupport
import Testing

@Suite("Producing", .ownThread, .timeLimit(.minutes(2)))
struct ProducerTests {
    @Test("A full queue holds the producer back and loses nothing", arguments: TestKafka.all)
    func backpressure(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        let producer = try KafkaProducer(
            cluster.properties.merging(["queue.buffering.max.messages": "50", "linger.ms": "1"])
        )
        var batch = KafkaProducerBatch(topic: topic)
        for index in 0..<2000 { batch.append(value: "\(index)".utf8) }
        let outcomes = producer.produce(batch)
        #expect(outcomes == (0..<2000).map { .delivered(partition: 0, offset: Int64($0)) })
    }

    @Test("Without a broker each record says what became of it, at the deadline")
    func deadline() throws {
        let producer = try KafkaProducer([
            "bootstrap.servers": "127.0.0.1:1", "queue.buffering.max.messages": "3",
        ])
        var batch = KafkaProducerBatch(topic: "t")
        for index in 0..<5 { batch.append(value: [UInt8(index)]) }
        let start = Date()
        let outcomes = producer.produce(batch, timeout: .milliseconds(500))
        #expect(Date().timeIntervalSince(start) < 5)
        #expect(outcomes.map { $0.error?.code } == [.timedOut, .timedOut, .timedOut, .queueFull, .queueFull])
        #expect(outcomes.allSatisfy { $0.error?.isRetriable == true })
    }

    @Test("A request that the broker could not answer is repeated, once in the log")
    func retry() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        cluster.mock?.fail(.produce, with: [7, 7])
        let producer = try KafkaProducer(cluster.properties.merging(["retry.backoff.ms": "10"]))
        var batch = KafkaProducerBatch(topic: topic)
        batch.append(value: [1])
        #expect(producer.produce(batch) == [.delivered(partition: 0, offset: 0)])
    }

    @Test("A partition that is not there fails its record alone", arguments: TestKafka.all)
    func wrongPartition(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        var batch = KafkaProducerBatch(topic: topic)
        batch.append(value: [1], partition: 0)
        batch.append(value: [2], partition: 7)
        batch.append(value: [3], partition: 0)
        let outcomes = try KafkaProducer(cluster.properties).produce(batch)
        #expect(outcomes[0] == .delivered(partition: 0, offset: 0))
        #expect(outcomes[1].error?.code == KafkaError.Code("_UNKNOWN_PARTITION"))
        #expect(outcomes[2] == .delivered(partition: 0, offset: 1))
    }

    @Test("A record that is too large fails alone, with what to do", arguments: TestKafka.all)
    func tooLarge(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        var batch = KafkaProducerBatch(topic: topic)
        batch.append(value: [UInt8](repeating: 1, count: 2_000_000))
        batch.append(value: [1])
        let outcomes = try KafkaProducer(cluster.properties).produce(batch)
        #expect(outcomes[0].error?.code == .messageTooLarge)
        #expect(outcomes[0].error?.remedy?.contains("message.max.bytes") == true)
        #expect(outcomes[1].error == nil)
    }

    @Test("Large records pass where both sides allow them", arguments: TestKafka.real)
    func large(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic(settings: ["max.message.bytes": "9000000"])
        let value = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var batch = KafkaProducerBatch(topic: topic)
        batch.append(value: value)
        batch.append(value: [1])
        let producer = try KafkaProducer(cluster.properties.merging(["message.max.bytes": "9000000"]))
        #expect(producer.produce(batch).allSatisfy { $0.error == nil })
        let consumer = try cluster.makeConsumer(of: topic)
        let records = try consumer.records(2).batches.flatMap { batch in
            batch.entries.map { batch.value(of: $0) }
        }
        #expect(records == [value, [1]])
        try consumer.close()
    }

    @Test("Several threads share a producer, each with its own outcomes")
    func threads() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic(partitions: 4)
        let producer = try KafkaProducer(cluster.properties)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for round in 0..<5 {
                var batch = KafkaProducerBatch(topic: topic)
                for index in 0..<20 { batch.append(value: [UInt8(index)], partition: Int32(thread)) }
                let expected = (0..<20).map {
                    KafkaDelivery.delivered(partition: Int32(thread), offset: Int64(round * 20 + $0))
                }
                #expect(producer.produce(batch) == expected)
            }
        }
    }
}
