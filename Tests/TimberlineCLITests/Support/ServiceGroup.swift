import AnomalyDetection
import AnomalyStore
import DetectionPipeline
import Foundation
import KafkaClient
import KafkaConnector
import KafkaTestSupport
import Telemetry
import Testing

@testable import TimberlineCLI

/// Instances of `timberline run` in one group, what they read, and what they have stored.
struct ServiceGroup {
    let scratch: Scratch
    let cluster: TestCluster
    let topic: String
    let group: String
    let partitions: Int
    /// The lines of each partition, in the order in which they are produced.
    var lines: [[String]]

    init(
        _ scratch: Scratch,
        _ cluster: TestCluster,
        partitions: Int = 2,
        replicas: Int = 1,
        linesEach count: Int
    ) throws {
        self.scratch = scratch
        self.cluster = cluster
        self.partitions = partitions
        topic = try cluster.makeTopic(partitions: partitions, replicas: replicas)
        group = cluster.uniqueName("group")
        lines = (0..<partitions).map { SampleLog(count: count, seed: UInt64($0), services: 3).lines }
    }

    /// The command line of an instance that stores every score.
    func command(
        store: String,
        checkpoints: String,
        group: String? = nil,
        _ more: [String] = []
    ) -> [String] {
        [
            "run", "--brokers", cluster.brokers, "--topic", topic, "--group", group ?? self.group,
            "--start", "earliest", "--store", scratch.path(store),
            "--dead-letter-file", scratch.path("\(store).jsonl"), "--log-level", "info",
            "--batch-size", "20", "--by", "service", "--threshold", "0", "--trees", "10",
            "--checkpoints", checkpoints, "--checkpoint-interval", "1s",
            "--kafka-property", "session.timeout.ms=6000",
        ] + more
    }

    /// Produces these lines of every partition.
    func produce(_ range: Range<Int>) throws {
        for (partition, lines) in lines.enumerated() {
            try cluster.produce(Array(lines[range]), to: topic, partition: Int32(partition))
        }
    }

    /// What one instance stores that nobody disturbs.
    func undisturbed() throws -> [RecordIdentity: ScoredRecord] {
        let result = try scratch.run(
            command(
                store: "undisturbed.db",
                checkpoints: "none",
                group: cluster.uniqueName("undisturbed"),
                ["--exit-at-end", "--log-level", "error"]
            )
        )
        #expect(result.code == .success, "\(result.errors)")
        return try stored(["undisturbed.db"])
    }

    /// The records of several stores, keyed by identity as a consumer of theirs would. A record that two
    /// of them hold must be the same in both.
    func stored(_ stores: [String]) throws -> [RecordIdentity: ScoredRecord] {
        var records: [RecordIdentity: ScoredRecord] = [:]
        for store in stores {
            try AnomalyStoreReader(path: scratch.path(store)).forEach(AnomalyQuery()) { record in
                let known = records.updateValue(record, forKey: record.identity)
                if let known, known != record {
                    Issue.record("\(Self.place(record)): \(known.verdict.score), \(record.verdict.score)")
                }
            }
        }
        return records
    }

    func count(_ store: String) -> Int { (try? AnomalyStoreReader(path: scratch.path(store)).count()) ?? 0 }

    /// Compares what the stores hold with an undisturbed run.
    func expectExactness(of stores: [String]) throws {
        let (records, expected) = (try stored(stores), try undisturbed())
        #expect(expected.count > 100)
        let (lost, foreign) = (
            Set(expected.keys).subtracting(records.keys), Set(records.keys).subtracting(expected.keys)
        )
        #expect(lost.isEmpty && foreign.isEmpty, "\(lost.count) lost, \(foreign.count) too many")
        let different = expected.filter { identity, record in
            records[identity].map { $0 != record } ?? false
        }
        let first = different.values.min { $0.identity.offset < $1.identity.offset }
        #expect(different.isEmpty, "\(different.count), the first at \(first.map(Self.place) ?? "")")
    }

    private static func place(_ record: ScoredRecord) -> String {
        "\(record.identity.stream.partition):\(record.identity.offset)"
    }

    /// Waits until the group has committed this offset in every partition.
    func waitUntilCommitted(_ offset: Int, _ seconds: Double = 120) throws {
        try waitUntilCommitted(Dictionary(uniqueKeysWithValues: all.map { ($0, Int64(offset)) }), seconds)
    }

    func waitUntilCommitted(_ offsets: [KafkaTopicPartition: Int64], _ seconds: Double = 120) throws {
        let observer = try KafkaConsumer(
            KafkaConsumerConfiguration(properties: cluster.properties, group: group)
        )
        let end = Date().addingTimeInterval(seconds)
        while true {
            let committed = (try? observer.committed(all)) ?? [:]
            if offsets.allSatisfy({ committed[$0.key, default: 0] >= $0.value }) { return }
            guard Date() < end else {
                throw RealKafkaError(message: "committed \(committed) of \(offsets) after \(seconds) s")
            }
            usleep(50_000)
        }
    }

    /// All partitions of the topic.
    var all: [KafkaTopicPartition] { (0..<partitions).map { KafkaTopicPartition(topic, Int32($0)) } }

    /// The checkpoints of all partitions in a topic, as the next owner would find them.
    func checkpoints(in topic: String) throws -> [Int32: Checkpoint] {
        let storage = try TopicCheckpointStorage(cluster.properties, topic: topic, logger: .silent)
        let cluster = try KafkaAdmin(cluster.properties).checkConnectivity()
        let streams = (0..<partitions).map {
            RecordStream(origin: "kafka:\(cluster)/\(self.topic)", name: self.topic, partition: Int32($0))
        }
        let found = try CheckpointStore(storage, group: group).load(streams, generation: 0)
        return Dictionary(uniqueKeysWithValues: found.map { ($0.key.partition, $0.value) })
    }
}

extension RunningProgram {
    /// How often a log line of this event was written.
    func count(of event: String) -> Int { errors.components(separatedBy: "event=\(event)").count - 1 }
}
