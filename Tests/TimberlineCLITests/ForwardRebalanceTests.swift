import Foundation
import KafkaClient
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// Several instances of `timberline forward` that share the partitions.
@Suite(.ownThread, .timeLimit(.minutes(3))) struct ForwardRebalanceTests {
    @Test(
        "an instance comes and goes: all arrive, each partition in its order",
        arguments: TestKafka.real
    )
    func comesAndGoes(_ kafka: TestKafka) throws {
        let scratch = try Scratch()
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic(partitions: 4)
        let copy = try cluster.makeTopic("copy", partitions: 4)
        let lines = (0..<2_000).map { "line \($0)" }
        func produce() throws {
            for partition in 0..<4 as Range<Int32> {
                try cluster.produce(lines, to: topic, partition: partition)
            }
        }
        let command = [
            "forward", "--brokers", cluster.brokers, "--topic", topic, "--to", "topic:\(copy)",
            "--group", cluster.uniqueName("g"), "--start", "earliest", "--send-records", "20",
            "--dead-letter-file", scratch.path("dead.jsonl"), "--kafka-property", "session.timeout.ms=6000",
        ]
        let onlooker = try cluster.makeConsumer(of: copy)
        var seen: [Int32: [Int64]] = [:]
        func look() throws -> Int {
            for batch in try onlooker.poll(maximumCount: 10_000, timeout: .milliseconds(20)).batches {
                for entry in batch.entries {
                    let offset = batch.headers(of: entry).first { $0.name == "timberline.offset" }?.value
                    let text = String(decoding: offset ?? [], as: UTF8.self)
                    seen[batch.partition, default: []].append(Int64(text) ?? -1)
                }
            }
            return seen.values.reduce(0) { $0 + Set($1).count }
        }
        try produce()
        let first = try scratch.start(command)
        try first.wait { try look() > 1_000 }
        let second = try scratch.start(command)
        try second.wait {
            _ = try look()
            return second.errors.contains("event=partitions_assigned")
        }
        try produce()
        try first.wait { try look() > 10_000 }
        second.send(SIGTERM)
        #expect(second.wait(30) == 0, "\(second.errors)")
        try produce()
        try first.wait { try look() >= 24_000 }
        first.send(SIGTERM)
        #expect(first.wait(30) == 0, "\(first.errors)")
        try onlooker.close()
        for (partition, offsets) in seen {
            var known: Set<Int64> = []
            let order = offsets.filter { known.insert($0).inserted }
            #expect(order == Array(0..<6_000), "partition \(partition)")
        }
        #expect(seen.count == 4)
    }
}
