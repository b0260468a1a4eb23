import AWSServices
import AWSTestSupport
import Foundation
import KafkaClient
import KafkaTestSupport
import LocalLambdaModel
import Telemetry
import Testing

@testable import EventSourceMapping

/// A cluster, a function and the mappings between them, for one test.
final class Bench {
    let cluster: TestCluster
    let function: FakeFunction
    let mappings: EventSourceMappings
    let log = MemorySink()

    private struct Connections: KafkaConnectionResolving {
        var connection: KafkaConnection

        func connection(for mapping: EventSourceMappingConfiguration) -> KafkaConnection { connection }
    }

    init(_ cluster: TestCluster, _ function: FakeFunction, client: AWSClient? = nil) {
        self.cluster = cluster
        self.function = function
        // The mock takes as long for a rebalance as a session may be silent.
        let properties = cluster.mock == nil ? [:] : ["session.timeout.ms": "5000"]
        mappings = EventSourceMappings(
            MappingServices(
                invoker: function,
                connections: Connections(
                    connection: KafkaConnection(servers: [cluster.brokers], properties: properties)
                ),
                client: client ?? AWSClient(),
                location: AWSLocation(),
                logger: Logger(sink: log)
            )
        )
    }

    deinit { mappings.stop() }

    /// A mapping of a topic, from its beginning.
    func mapping(
        _ topic: String,
        _ change: (inout EventSourceMappingConfiguration) -> Void = { _ in }
    ) throws -> EventSourceMappingConfiguration {
        let id = EventSourceMappingID(randomUUID())
        var mapping = EventSourceMappingConfiguration(
            id: id,
            function: FunctionReference(try #require(FunctionName("scorer"))),
            source: .selfManaged(servers: [cluster.brokers]),
            topic: topic,
            consumerGroup: id.text,
            startingPosition: .trimHorizon,
            lastModifiedMilliseconds: 0
        )
        mapping.batchingWindowSeconds = 0
        change(&mapping)
        return mapping
    }

    /// Begins a mapping, and waits until it reads.
    @discardableResult
    func start(
        _ topic: String,
        _ change: (inout EventSourceMappingConfiguration) -> Void = { _ in }
    ) throws -> EventSourceMappingConfiguration {
        let mapping = try mapping(topic, change)
        mappings.apply(mapping)
        try wait(for: .enabled, mapping)
        return mapping
    }

    func status(_ mapping: EventSourceMappingConfiguration) -> EventSourceMappingStatus? {
        mappings.status(of: mapping.id)
    }

    func wait(for state: EventSourceMappingStatus.State, _ mapping: EventSourceMappingConfiguration) throws {
        try wait("state \(state)") { status(mapping)?.state == state }
    }

    func wait(_ what: String, within seconds: Double = 90, until isDone: () throws -> Bool) throws {
        let end = Date().addingTimeInterval(seconds)
        while try !isDone() {
            guard Date() < end else {
                throw RealKafkaError(
                    message: "still waiting for \(what); taken \(function.taken.mapValues(\.count)); "
                        + log.lines.suffix(20).joined(separator: "\n")
                )
            }
            usleep(20_000)
        }
    }

    func waitForRecords(_ count: Int) throws {
        try wait("\(count) records") { function.takenCount >= count }
    }

    /// What the mapping's group has committed, by partition.
    func committed(_ mapping: EventSourceMappingConfiguration, partitions: Int32 = 1) throws -> [Int32: Int64]
    {
        let consumer = try KafkaConsumer(
            KafkaConsumerConfiguration(properties: cluster.properties, group: mapping.consumerGroup)
        )
        try consumer.checkConnectivity()
        let all = (0..<partitions).map { KafkaTopicPartition(mapping.topic, $0) }
        let committed = try consumer.committed(all)
        return Dictionary(uniqueKeysWithValues: committed.map { ($0.key.partition, $0.value) })
    }

    /// Records to all partitions: `count` to each, the value `PARTITION/NUMBER`.
    func produce(_ count: Int, to topic: String, partitions: Int32 = 1, from first: Int = 0) throws {
        for partition in 0..<partitions {
            let lines = (first..<first + count).map { "\(partition)/\($0)" }
            try cluster.produce(lines, to: topic, partition: partition)
        }
    }
}
