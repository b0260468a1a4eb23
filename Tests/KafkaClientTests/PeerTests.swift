import KafkaClient
import KafkaTestSupport
import Testing

@Suite(
    "With kcat as the other side",
    .ownThread,
    .timeLimit(.minutes(2)),
    .enabled(if: Kcat.isAvailable, "kcat is not installed (Debian: kcat)")
)
struct PeerTests {
    static let codecs = ["none", "gzip", "snappy", "lz4", "zstd"]

    @Test(
        "What kcat produced in each compression, we read; and the other way round",
        arguments: TestKafka.all
    )
    func compression(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let lines = (0..<200).map { "line \($0) " + String(repeating: "abc", count: $0 % 50) }
        let theirs = try cluster.makeTopic("theirs")
        let ours = try cluster.makeTopic("ours")
        for codec in Self.codecs {
            let done = try Kcat.produce(cluster.brokers, topic: theirs, lines: lines, ["-z", codec])
            #expect(done.status == 0, "\(codec): \(done.errors)")
            let producer = try KafkaProducer(cluster.properties.merging(["compression.codec": codec]))
            var batch = KafkaProducerBatch(topic: ours)
            for line in lines { batch.append(value: line.utf8) }
            #expect(producer.produce(batch).allSatisfy { $0.error == nil })
        }
        let all = Self.codecs.flatMap { _ in lines }
        let consumer = try cluster.makeConsumer(of: theirs)
        #expect(try consumer.records(all.count).texts == all)
        try consumer.close()
        #expect(try Kcat.consume(cluster.brokers, topic: ours) == all)
    }

    @Test("kcat sees our keys, headers, partitions and times", arguments: TestKafka.all)
    func parts(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic(partitions: 2)
        var batch = KafkaProducerBatch(topic: topic)
        batch.append(
            value: "v".utf8,
            key: Array("k".utf8),
            headers: [KafkaHeader("a", text: "1"), KafkaHeader("b", nil)],
            timestampMilliseconds: 1_700_000_000_123,
            partition: 1
        )
        #expect(try KafkaProducer(cluster.properties).produce(batch).allSatisfy { $0.error == nil })
        let seen = try Kcat.consume(cluster.brokers, topic: topic, format: "%p %o %k %s %T %h\n")
        #expect(seen == ["1 0 k v 1700000000123 a=1,b=NULL"])
    }

    @Test("kcat goes on at the offsets that we committed", arguments: TestKafka.real)
    func offsets(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic()
        let group = cluster.uniqueName("group")
        try cluster.produce(["a", "b", "c"], to: topic)
        let consumer = try cluster.makeConsumer(of: topic, group: group)
        _ = try consumer.records(3)
        try consumer.commit([KafkaTopicPartition(topic, 0): 2])
        try consumer.close()
        let done = try Kcat.run(cluster.brokers, ["-G", group, "-c", "1", "-q", topic])
        #expect(done.output == "c\n")
    }
}
