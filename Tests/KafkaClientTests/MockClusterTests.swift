import KafkaClient
import KafkaTestSupport
import Testing

@Suite("The mock cluster and its limits", .ownThread, .timeLimit(.minutes(2)))
struct MockClusterTests {
    @Test("It drops the oldest data past 5 MiB a partition; flow control stays below that")
    func limit() throws {
        let cluster = try TestKafka.mock.open()
        let dropped = try cluster.makeTopic()
        let kept = try cluster.makeTopic()
        let line = [UInt8](repeating: 120, count: 10_000)
        let producer = try KafkaProducer(cluster.properties)
        let admin = try KafkaAdmin(cluster.properties)

        var batch = KafkaProducerBatch(topic: dropped)
        for _ in 0..<800 { batch.append(value: line) }
        #expect(producer.produce(batch).allSatisfy { $0.error == nil })
        let marks = try admin.watermarks(of: [KafkaTopicPartition(dropped, 0)])
        #expect(marks[KafkaTopicPartition(dropped, 0)]?.lowerBound ?? 0 > 0)

        let partition = KafkaTopicPartition(kept, 0)
        var control = MockFlowControl()
        var produced: Int64 = 0
        while control.hasRoom(for: line.count, in: partition) {
            var batch = KafkaProducerBatch(topic: kept)
            batch.append(value: line)
            #expect(producer.produce(batch).allSatisfy { $0.error == nil })
            control.produced(line.count, in: partition, at: produced)
            produced += 1
        }
        #expect(produced > 300)
        #expect(try admin.watermarks(of: [partition]) == [partition: 0..<produced])
    }

    @Test("Flow control gives room back as the consumer gets on")
    func room() {
        let partition = KafkaTopicPartition("t", 0)
        var control = MockFlowControl()
        let size = MockFlowControl.safeBytes / 4 - MockFlowControl.recordOverhead
        for offset in 0..<4 {
            #expect(control.hasRoom(for: size, in: partition))
            control.produced(size, in: partition, at: Int64(offset))
        }
        #expect(!control.hasRoom(for: size, in: partition))
        #expect(control.hasRoom(for: size, in: KafkaTopicPartition("t", 1)))
        control.consumed(upTo: 1, in: partition)
        #expect(control.hasRoom(for: size, in: partition))
        control.produced(size, in: partition, at: 4)
        #expect(!control.hasRoom(for: size, in: partition))
        control.consumed(upTo: 5, in: partition)
        #expect(control.hasRoom(for: size * 4, in: partition))
    }

    @Test("Flow control bounds the number of records too, for as long as it takes")
    func count() {
        let partition = KafkaTopicPartition("t", 0)
        var control = MockFlowControl()
        var next: Int64 = 0
        for _ in 0..<5 {
            while control.hasRoom(for: 0, in: partition) {
                control.produced(0, in: partition, at: next)
                next += 1
            }
            control.consumed(upTo: next - 10, in: partition)
        }
        #expect(next > 100_000)
    }

    @Test(
        "Another process can use it",
        .enabled(if: Kcat.isAvailable, "kcat is not installed (Debian: kcat)")
    )
    func otherProcess() throws {
        let mock = try MockKafkaCluster(brokerCount: 2)
        try mock.createTopic("t")
        #expect(try Kcat.produce(mock.brokers, topic: "t", lines: ["a", "b"]).status == 0)
        #expect(try Kcat.consume(mock.brokers, topic: "t") == ["a", "b"])
    }
}
