import Foundation
import KafkaClient
import KafkaTestSupport
import LambdaRuntime
import LocalLambdaModel
import Telemetry
import Testing

@testable import EventSourceMapping

@Suite("A mapping under load", .ownThread, .serialized)
struct MappingLoadTests {
    @Test("fills events up to 6 MB and no further", .timeLimit(.minutes(5)), arguments: TestKafka.real)
    func size(_ kafka: TestKafka) throws {
        let bench = Bench(try kafka.open(), FakeFunction())
        let topic = try bench.cluster.makeTopic()
        let line = String(repeating: "x", count: 900_000)
        try bench.cluster.produce((0..<20).map { "\($0) \(line)" }, to: topic, partition: 0)
        try bench.start(topic) { $0.batchingWindowSeconds = 5 }
        try bench.waitForRecords(20)
        #expect(bench.function.taken[0] == (0..<20).map { Int64($0) })
        let sizes = bench.function.calls.map(\.byteCount)
        #expect(sizes.allSatisfy { $0 <= 6 << 20 })
        // Five of 1.2 MB each, base64 included.
        #expect(bench.function.calls.contains { $0.offsets.count == 5 })
    }

    @Test("loses nothing while members of its group come and go", .timeLimit(.minutes(5)))
    func rebalances() throws {
        let cluster = try TestKafka.real("3.9.2").open()
        let function = FakeFunction { _, _ in
            usleep(5_000)
            return .success([])
        }
        let bench = Bench(cluster, function)
        let other = Bench(cluster, function)
        let topic = try cluster.makeTopic(partitions: 4)
        try bench.produce(1_000, to: topic, partitions: 4)
        let mapping = try bench.start(topic) { $0.batchSize = 10 }
        try bench.waitForRecords(400)
        // A second process of the same group.
        other.mappings.apply(mapping)
        try other.wait(for: .enabled, mapping)
        try bench.waitForRecords(1_500)
        bench.mappings.stop()
        try bench.wait("all records") {
            Set(function.taken.flatMap { key, value in value.map { "\(key)/\($0)" } }).count == 4_000
        }
        for offsets in function.taken.values {
            // What was given again was given in order; after the first time of a record nothing before it is new.
            var next: Int64 = 0
            for offset in offsets where offset >= next {
                #expect(offset == next)
                next = offset + 1
            }
        }
    }

    @Test(
        "goes on after its broker was killed",
        .timeLimit(.minutes(5)),
        .enabled(if: RealKafka.absence == nil, "no Kafka")
    )
    func brokerRestart() throws {
        let real = try RealKafka(version: "4.3.1")
        let function = FakeFunction { _, _ in
            usleep(5_000)
            return .success([])
        }
        let bench = Bench(TestCluster(real), function)
        let topic = try bench.cluster.makeTopic(partitions: 2)
        try bench.produce(500, to: topic, partitions: 2)
        let mapping = try bench.start(topic) { $0.batchSize = 10 }
        try bench.waitForRecords(200)
        try real.kill()
        usleep(500_000)
        try real.restart()
        try bench.produce(100, to: topic, partitions: 2, from: 500)
        try bench.wait("all records") {
            function.taken.values.allSatisfy { Set($0).count == 600 } && function.taken.count == 2
        }
        try bench.wait("the commits") { try bench.committed(mapping, partitions: 2) == [0: 600, 1: 600] }
        try bench.wait("the result") { bench.status(mapping)?.lastProcessingResult == "OK" }
    }
}
