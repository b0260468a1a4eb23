import KafkaClient
import KafkaTestSupport
import Testing

@Suite("Producing and consuming", .ownThread, .timeLimit(.minutes(2)))
struct RoundTripTests {
    @Test("Records come back as they were produced, in order, by partition", arguments: TestKafka.all)
    func roundTrip(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic(partitions: 3)
        var batch = KafkaProducerBatch(topic: topic)
        for index in 0..<300 {
            batch.append(
                value: "line \(index)".utf8,
                key: Array("key \(index % 7)".utf8),
                headers: [KafkaHeader("number", text: "\(index)"), KafkaHeader("empty", nil)],
                timestampMilliseconds: 1_700_000_000_000 + Int64(index),
                partition: Int32(index % 3)
            )
        }
        let producer = try KafkaProducer(cluster.properties)
        let outcomes = producer.produce(batch)
        for (index, outcome) in outcomes.enumerated() {
            #expect(outcome == .delivered(partition: Int32(index % 3), offset: Int64(index / 3)))
        }
        let consumer = try cluster.makeConsumer(of: topic)
        let events = try consumer.records(300)
        #expect(events.assigned.count == 3)
        var seen: [Int32: Int64] = [:]
        for batch in events.batches {
            #expect(batch.topic == topic)
            for entry in batch.entries {
                #expect(entry.offset == seen[batch.partition, default: 0])
                seen[batch.partition] = entry.offset + 1
                let index = Int(entry.offset) * 3 + Int(batch.partition)
                #expect(batch.value(of: entry) == Array("line \(index)".utf8))
                #expect(batch.key(of: entry) == Array("key \(index % 7)".utf8))
                #expect(
                    batch.headers(of: entry) == [
                        KafkaHeader("number", text: "\(index)"), KafkaHeader("empty", nil),
                    ]
                )
                #expect(entry.timestampMilliseconds == 1_700_000_000_000 + Int64(index))
                #expect(entry.timestampType == .createTime)
            }
        }
        #expect(seen == [0: 100, 1: 100, 2: 100])
        try consumer.close()
    }
}
