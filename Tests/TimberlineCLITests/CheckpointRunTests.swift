import AnomalyDetection
import AnomalyStore
import DetectionPipeline
import Foundation
import KafkaClient
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// `timberline run` that is cut off and goes on: as if it had never stopped.
@Suite(.ownThread) struct CheckpointRunTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func arguments(
        _ cluster: TestCluster,
        _ topic: String,
        group: String,
        store: String,
        checkpoints: String
    ) -> [String] {
        [
            "run", "--brokers", cluster.brokers, "--topic", topic, "--group", group, "--start", "earliest",
            "--store", scratch.path(store), "--dead-letter-file", scratch.path("dead.jsonl"),
            "--log-level", "warning", "--batch-size", "50", "--by", "service", "--threshold", "0.7",
            "--checkpoints", checkpoints, "--checkpoint-interval", "1s",
            "--kafka-property", "session.timeout.ms=6000",
        ]
    }

    private func stored(_ store: String) throws -> [RecordIdentity: ScoredRecord] {
        var query = AnomalyQuery()
        query.includesNormal = true
        var records: [RecordIdentity: ScoredRecord] = [:]
        try AnomalyStoreReader(path: scratch.path(store)).forEach(query) { records[$0.identity] = $0 }
        return records
    }

    private static let places = ["store", "directory", "topic"]

    @Test(
        "killed several times, with checkpoints in each kind of place: the same records with the same scores",
        arguments: places
    )
    func killed(_ place: String) throws {
        let cluster = try TestKafka.real("4.3.1").open()
        let topic = try cluster.makeTopic(partitions: 2)
        let lines = SampleLog(count: 4_000, services: 4).lines
        try cluster.produce(Array(lines[..<2_000]), to: topic, partition: 0)
        try cluster.produce(Array(lines[2_000...]), to: topic, partition: 1)
        let checkpoints =
            switch place {
            case "directory": "directory:\(scratch.path("checkpoints"))"
            case "topic": "topic:\(cluster.uniqueName("checkpoints"))"
            default: "store"
            }
        let whole = try scratch.run(
            arguments(cluster, topic, group: cluster.uniqueName("g"), store: "whole.db", checkpoints: "none")
                + ["--exit-at-end"]
        )
        #expect(whole.code == .success, "\(whole.errors)")
        let expected = try stored("whole.db")
        #expect(expected.count > 200)

        let command = arguments(
            cluster,
            topic,
            group: cluster.uniqueName("g"),
            store: "cut.db",
            checkpoints: checkpoints
        )
        for part in 1...2 {
            let program = try scratch.start(command)
            try program.wait(40) { (try? stored("cut.db").count) ?? 0 > expected.count * part / 4 }
            program.send(SIGKILL)
            #expect(program.wait() == -SIGKILL)
        }
        let last = try scratch.finish(command + ["--exit-at-end"])
        #expect(last.count(of: "checkpoint_missing") == 0, "\(last.errors)")
        let records = try stored("cut.db")
        #expect(Set(records.keys) == Set(expected.keys))
        for (identity, record) in expected where records[identity] != record {
            Issue.record("\(identity.stream.partition):\(identity.offset): \(record.verdict.score)")
            break
        }
    }
}
