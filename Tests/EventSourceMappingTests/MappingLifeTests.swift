import Foundation
import KafkaClient
import KafkaTestSupport
import LambdaRuntime
import LocalLambdaModel
import Telemetry
import Testing

@testable import EventSourceMapping

@Suite("A mapping, changed or in trouble", .ownThread, .serialized)
struct MappingLifeTests {
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
}
