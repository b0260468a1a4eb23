import Foundation
import KafkaClient
import KafkaTestSupport
import LambdaRuntime
import LocalLambdaModel
import Synchronization
import Telemetry
import Testing

@testable import EventSourceMapping

@Suite("A mapping", .ownThread, .serialized)
struct MappingTests {
    @Test(
        "gives every record once, in its partition's order, and commits what the function has taken",
        .timeLimit(.minutes(5)),
        arguments: TestKafka.all
    )
    func all(_ kafka: TestKafka) throws {
        let bench = Bench(try kafka.open(), FakeFunction())
        let topic = try bench.cluster.makeTopic(partitions: 4)
        try bench.produce(500, to: topic, partitions: 4)
        let mapping = try bench.start(topic)
        try bench.waitForRecords(2_000)
        for partition in 0..<4 as Range<Int32> {
            #expect(bench.function.taken[partition] == (0..<500).map { Int64($0) })
        }
        #expect(bench.function.calls.allSatisfy { $0.offsets.count <= 100 })
        #expect(bench.function.overlaps == 0)
        #expect(bench.status(mapping)?.lastProcessingResult == "OK")
        let call = try #require(bench.function.calls.first)
        #expect(call.event.eventSourceARN == nil && call.event.bootstrapServers == bench.cluster.brokers)
        #expect(call.values == call.offsets.map { "\(call.partition)/\($0)" })
        bench.mappings.stop()
        #expect(try bench.committed(mapping, partitions: 4) == [0: 500, 1: 500, 2: 500, 3: 500])
    }

    @Test(
        "begins at the latest records, and keeps its place from then on",
        .timeLimit(.minutes(5)),
        arguments: TestKafka.all
    )
    func latest(_ kafka: TestKafka) throws {
        let bench = Bench(try kafka.open(), FakeFunction())
        let topic = try bench.cluster.makeTopic()
        try bench.produce(10, to: topic)
        let mapping = try bench.start(topic) { $0.startingPosition = .latest }
        #expect(bench.status(mapping)?.lastProcessingResult == "No records processed")
        // Stopped before it has seen a record, it still misses none.
        var disabled = mapping
        disabled.isEnabled = false
        bench.mappings.apply(disabled)
        try bench.wait(for: .disabled, mapping)
        try bench.produce(5, to: topic, from: 10)
        bench.mappings.apply(mapping)
        try bench.waitForRecords(5)
        #expect(bench.function.taken == [0: [10, 11, 12, 13, 14]])
    }

    @Test("begins at a time", .timeLimit(.minutes(5)), arguments: TestKafka.real)
    func timestamp(_ kafka: TestKafka) throws {
        let bench = Bench(try kafka.open(), FakeFunction())
        let topic = try bench.cluster.makeTopic()
        var batch = KafkaProducerBatch(topic: topic)
        for minute in 0..<10 {
            batch.append(
                value: "\(minute)".utf8,
                timestampMilliseconds: 1_767_607_200_000 + Int64(minute) * 60_000
            )
        }
        let producer = try KafkaProducer(bench.cluster.properties)
        #expect(producer.produce(batch).allSatisfy { $0.error == nil })
        try bench.start(topic) { $0.startingPosition = .atTimestamp(1_767_607_200_000 + 7 * 60_000) }
        try bench.waitForRecords(3)
        #expect(bench.function.taken == [0: [7, 8, 9]])
        #expect(
            bench.function.calls.first?.event.partitions.first?.records.first?.timestamp == 1_767_607_620_000
        )
    }

    @Test(
        "goes on where its group has committed, whatever its starting position",
        .timeLimit(.minutes(5)),
        arguments: TestKafka.all
    )
    func group(_ kafka: TestKafka) throws {
        let bench = Bench(try kafka.open(), FakeFunction())
        let topic = try bench.cluster.makeTopic()
        try bench.produce(30, to: topic)
        let group = bench.cluster.uniqueName("group")
        let first = try bench.start(topic) { $0.consumerGroup = group }
        try bench.waitForRecords(30)
        bench.mappings.remove(first.id)
        try bench.wait("the removal") { bench.status(first) == nil }
        try bench.produce(5, to: topic, from: 30)
        try bench.start(topic) { $0.consumerGroup = group }
        try bench.waitForRecords(35)
        #expect(bench.function.taken == [0: (0..<35).map { Int64($0) }])
    }

    @Test(
        "gives only what its filters pass, and commits the rest too",
        .timeLimit(.minutes(5)),
        arguments: TestKafka.all
    )
    func filters(_ kafka: TestKafka) throws {
        let bench = Bench(try kafka.open(), FakeFunction())
        let topic = try bench.cluster.makeTopic()
        try bench.cluster.produce((0..<100).map { #"{"level": \#($0 % 10)}"# }, to: topic)
        let mapping = try bench.start(topic) {
            $0.filterPatterns = [
                #"{"value": {"level": [{"numeric": [">=", 8]}]}}"#, #"{"value": {"level": [3]}}"#,
            ]
        }
        try bench.waitForRecords(30)
        try bench.wait("the commit") { try bench.committed(mapping) == [0: 100] }
        #expect(bench.function.taken[0] == (0..<100).filter { [3, 8, 9].contains($0 % 10) })
        // None of these passes: the group gets on all the same.
        try bench.cluster.produce(Array(repeating: #"{"level": 0}"#, count: 50), to: topic)
        try bench.wait("the commit") { try bench.committed(mapping) == [0: 150] }
        #expect(bench.function.takenCount == 30)
    }

    @Test(
        "never has more invocations than the function's concurrency takes, and loses nothing",
        .timeLimit(.minutes(5))
    )
    func concurrency() throws {
        let function = FakeFunction(limit: 2) { _, _ in
            usleep(30_000)
            return .success([])
        }
        let bench = Bench(try TestKafka.mock.open(), function)
        let topic = try bench.cluster.makeTopic(partitions: 6)
        try bench.produce(100, to: topic, partitions: 6)
        try bench.start(topic) { $0.batchSize = 10 }
        try bench.waitForRecords(600)
        #expect(function.peak == 2 && function.throttledCount > 0)
        for partition in 0..<6 as Range<Int32> {
            #expect(function.taken[partition] == (0..<100).map { Int64($0) })
        }
    }

    @Test("tries again until the function succeeds, with the same records", .timeLimit(.minutes(5)))
    func retries() throws {
        let function = FakeFunction { _, number in number < 5 ? FakeFunction.error : .success([]) }
        let bench = Bench(try TestKafka.mock.open(), function)
        let topic = try bench.cluster.makeTopic()
        try bench.produce(50, to: topic)
        let mapping = try bench.start(topic) { $0.batchSize = 20 }
        try bench.wait("a failure") { function.calls.count >= 1 }
        try bench.waitForRecords(50)
        #expect(Set(function.calls.prefix(6).map(\.offsets)) == [(0..<20).map { Int64($0) }])
        #expect(function.taken == [0: (0..<50).map { Int64($0) }])
        try bench.wait("the result") { bench.status(mapping)?.lastProcessingResult == "OK" }
    }

    @Test("shows that the function fails", .timeLimit(.minutes(5)))
    func result() throws {
        let bench = Bench(try TestKafka.mock.open(), FakeFunction { _, _ in FakeFunction.error })
        let topic = try bench.cluster.makeTopic()
        try bench.produce(1, to: topic)
        let mapping = try bench.start(topic)
        try bench.wait("the result") {
            bench.status(mapping)?.lastProcessingResult == "PROBLEM: Function call failed"
        }
        bench.mappings.stop()
        #expect(try bench.committed(mapping) == [0: 0])
    }

    @Test(
        "gives again from the first record that the function names",
        .timeLimit(.minutes(5)),
        arguments: ["partition", "topic-partition"]
    )
    func partialFailures(_ key: String) throws {
        let failures = Mutex(0)
        let function = FakeFunction { event, _ in
            guard let partition = event.partitions.first,
                partition.records.contains(where: { $0.offset == 13 }),
                failures.withLock({ count in
                    count += 1
                    return count <= 3
                })
            else { return .success(Array("{}".utf8)) }
            let item = #"{"itemIdentifier": {"\#(key)": "\#(partition.key)", "offset": 13}}"#
            return .success(Array(#"{"batchItemFailures": [\#(item)]}"#.utf8))
        }
        let bench = Bench(try TestKafka.mock.open(), function)
        let topic = try bench.cluster.makeTopic()
        try bench.produce(20, to: topic)
        let mapping = try bench.start(topic) {
            $0.reportsBatchItemFailures = true
            $0.batchingWindowSeconds = 2
        }
        try bench.wait("the end") { try bench.committed(mapping) == [0: 20] }
        #expect(function.calls.map { $0.offsets.first } == [0, 13, 13, 13])
    }
}
