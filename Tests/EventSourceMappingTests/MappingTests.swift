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

    @Test(
        "takes over another batch size and other filters while it reads, without a lost or doubled record",
        .timeLimit(.minutes(5)),
        arguments: TestKafka.all
    )
    func update(_ kafka: TestKafka) throws {
        let function = FakeFunction { _, _ in
            usleep(2_000)
            return .success([])
        }
        let bench = Bench(try kafka.open(), function)
        let topic = try bench.cluster.makeTopic(partitions: 2)
        try bench.produce(5_000, to: topic, partitions: 2)
        var mapping = try bench.start(topic)
        try bench.waitForRecords(500)
        mapping.batchSize = 500
        bench.mappings.apply(mapping)
        try bench.wait(for: .enabled, mapping)
        try bench.wait("larger batches") { function.calls.contains { $0.offsets.count == 500 } }
        mapping.batchSize = 50
        bench.mappings.apply(mapping)
        try bench.waitForRecords(10_000)
        for partition in 0..<2 as Range<Int32> {
            #expect(function.taken[partition] == (0..<5_000).map { Int64($0) })
        }
        mapping.filterPatterns = [#"{"value": [{"suffix": "0"}]}"#]
        bench.mappings.apply(mapping)
        try bench.wait(for: .enabled, mapping)
        try bench.produce(100, to: topic, partitions: 2, from: 5_000)
        try bench.waitForRecords(10_020)
        bench.mappings.stop()
        #expect(function.takenCount == 10_020)
        #expect(try bench.committed(mapping, partitions: 2) == [0: 5_100, 1: 5_100])
    }

    @Test(
        "stops and goes on under load without a lost or doubled record",
        .timeLimit(.minutes(5)),
        arguments: TestKafka.all
    )
    func disable(_ kafka: TestKafka) throws {
        let function = FakeFunction { _, _ in
            usleep(5_000)
            return .success([])
        }
        let bench = Bench(try kafka.open(), function)
        let topic = try bench.cluster.makeTopic(partitions: 2)
        try bench.produce(1_000, to: topic, partitions: 2)
        var mapping = try bench.start(topic) { $0.batchSize = 10 }
        for round in 1...3 {
            try bench.waitForRecords(round * 200)
            mapping.isEnabled = false
            bench.mappings.apply(mapping)
            #expect(bench.status(mapping)?.state == .disabling || bench.status(mapping)?.state == .disabled)
            try bench.wait(for: .disabled, mapping)
            let count = function.calls.count
            usleep(100_000)
            #expect(function.calls.count == count)
            mapping.isEnabled = true
            bench.mappings.apply(mapping)
        }
        try bench.waitForRecords(2_000)
        for partition in 0..<2 as Range<Int32> {
            #expect(function.taken[partition] == (0..<1_000).map { Int64($0) })
        }
    }

    @Test("has five invocations for each of its pollers at once, and no more", .timeLimit(.minutes(5)))
    func pollers() throws {
        let isOpen = Locked(false)
        let function = FakeFunction { _, _ in
            while !isOpen.withLock({ $0 }) { usleep(5_000) }
            return .success([])
        }
        let bench = Bench(try TestKafka.mock.open(), function)
        // What fails must not leave invocations waiting.
        defer { isOpen.withLock { $0 = true } }
        let topic = try bench.cluster.makeTopic(partitions: 8)
        try bench.produce(2, to: topic, partitions: 8)
        try bench.start(topic) {
            $0.batchSize = 1
            $0.provisionedPollers = ProvisionedPollers(minimum: 1, maximum: 1)
        }
        try bench.wait("five invocations") { function.peak == 5 }
        usleep(300_000)
        #expect(function.peak == 5)
        isOpen.withLock { $0 = true }
        try bench.waitForRecords(16)
        #expect(function.peak == 5)
        #expect(function.taken.values.allSatisfy { $0 == [0, 1] })
    }

    @Test("that is deleted stops and is gone", .timeLimit(.minutes(5)))
    func delete() throws {
        let function = FakeFunction { _, _ in
            usleep(300_000)
            return .success([])
        }
        let bench = Bench(try TestKafka.mock.open(), function)
        let topic = try bench.cluster.makeTopic()
        try bench.produce(100, to: topic)
        let mapping = try bench.start(topic) { $0.batchSize = 1 }
        try bench.waitForRecords(2)
        bench.mappings.remove(mapping.id)
        #expect(bench.status(mapping)?.state == .deleting)
        try bench.wait("the end") { bench.status(mapping) == nil }
        // What was under way has been waited for, and is committed.
        let taken = function.takenCount
        #expect(try bench.committed(mapping) == [0: Int64(taken)])
        usleep(400_000)
        #expect(function.takenCount == taken)
    }

    @Test("that is made without being enabled does nothing until it is", .timeLimit(.minutes(5)))
    func madeDisabled() throws {
        let bench = Bench(try TestKafka.mock.open(), FakeFunction())
        let topic = try bench.cluster.makeTopic()
        try bench.produce(3, to: topic)
        var mapping = try bench.mapping(topic) { $0.isEnabled = false }
        bench.mappings.apply(mapping)
        #expect(bench.status(mapping)?.state == .disabled)
        mapping.isEnabled = true
        bench.mappings.apply(mapping)
        #expect(bench.status(mapping)?.state == .enabling)
        try bench.waitForRecords(3)
        bench.mappings.remove(mapping.id)
        try bench.wait("the end") { bench.status(mapping) == nil }
    }

    @Test("of the same topic as another gets all of it too", .timeLimit(.minutes(5)))
    func twoMappings() throws {
        let cluster = try TestKafka.mock.open()
        let bench = Bench(cluster, FakeFunction())
        let topic = try cluster.makeTopic(partitions: 2)
        try bench.produce(50, to: topic, partitions: 2)
        let first = try bench.start(topic)
        let second = try bench.start(topic)
        try bench.waitForRecords(200)
        for mapping in [first, second] {
            try bench.wait("the commits") { try bench.committed(mapping, partitions: 2) == [0: 50, 1: 50] }
        }
        #expect(bench.function.takenCount == 200)
    }

    @Test(
        "of a topic that is not there says so, and reads it once it is",
        .timeLimit(.minutes(5)),
        arguments: TestKafka.real
    )
    func missingTopic(_ kafka: TestKafka) throws {
        let bench = Bench(try kafka.open(), FakeFunction())
        let topic = bench.cluster.uniqueName("later")
        let mapping = try bench.start(topic)
        #expect(bench.status(mapping)?.lastProcessingResult.contains("there is no topic '\(topic)'") ?? false)
        try KafkaAdmin(bench.cluster.properties).createTopic(
            .init(topic, partitions: 1, replicationFactor: 1, settings: [:])
        )
        try bench.produce(3, to: topic)
        try bench.waitForRecords(3)
        try bench.wait("the result") { bench.status(mapping)?.lastProcessingResult == "OK" }
    }

    @Test("shows that no broker answers, and can be deleted all the same", .timeLimit(.minutes(5)))
    func noBroker() throws {
        let cluster = try TestKafka.mock.open()
        let bench = Bench(cluster, FakeFunction())
        let topic = try cluster.makeTopic()
        try cluster.stopMock()
        let mapping = try bench.start(topic)
        #expect(bench.status(mapping)?.lastProcessingResult.hasPrefix("PROBLEM: Connection error") ?? false)
        bench.mappings.remove(mapping.id)
        try bench.wait("the end") { bench.status(mapping) == nil }
    }

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
