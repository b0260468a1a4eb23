import AnomalyStore
import DetectionPipeline
import Foundation
import KafkaClient
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// What may lie in a topic beside plain records, and what may be missing from it.
@Suite(.ownThread) struct KafkaContentTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func batch(_ topic: String, _ lines: some Sequence<String>) -> KafkaProducerBatch {
        var batch = KafkaProducerBatch(topic: topic)
        for line in lines { batch.append(value: line.utf8, partition: 0) }
        return batch
    }

    private func produce(_ batch: KafkaProducerBatch, with producer: KafkaProducer) throws {
        for delivery in producer.produce(batch) {
            if let error = delivery.error { throw error }
        }
    }

    @Test(
        "transactions, aborted ones too, tombstones and every compression: the scores of the lines alone",
        arguments: TestKafka.real
    )
    func mixed(_ kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let service = try ServiceGroup(scratch, cluster, partitions: 1, linesEach: 600)
        let (topic, lines) = (service.topic, service.lines[0])
        for (index, codec) in ["none", "gzip", "snappy", "lz4", "zstd"].enumerated() {
            let producer = try KafkaProducer(cluster.properties.merging(["compression.type": codec]))
            var batch = batch(topic, lines[(index * 100)..<(index * 100 + 100)])
            batch.appendTombstone(key: Array("gone".utf8), partition: 0)
            try produce(batch, with: producer)
        }
        let producer = try KafkaProducer(
            cluster.properties.merging(["transactional.id": cluster.uniqueName("id")])
        )
        try producer.initializeTransactions()
        for part in [500..<550, 550..<600] {
            try producer.beginTransaction()
            try produce(batch(topic, lines[part]), with: producer)
            try producer.commitTransaction()
            try producer.beginTransaction()
            try produce(batch(topic, [#"{"service":"s0","duration_ms":99999,"bytes":9}"#]), with: producer)
            try producer.abortTransaction()
        }

        let path = try scratch.write("app.log", lines.map { $0 + "\n" }.joined())
        let scored = try scratch.run(
            ["score", "--store", scratch.path("file.db"), path, "--by", "service", "--threshold", "0"]
                + ["--trees", "10"]
        )
        #expect(scored.code == .success, "\(scored.errors)")
        let ran = try scratch.run(
            service.command(
                store: "store.db",
                checkpoints: "store",
                ["--exit-at-end", "--log-level", "error"]
            )
        )
        #expect(ran.code == .success, "\(ran.errors)")
        func plain(_ store: String) throws -> [ScoredRecord] {
            var records = Array(try service.stored([store]).values)
            records.sort { $0.identity.offset < $1.identity.offset }
            for index in records.indices {
                records[index].identity = RecordIdentity(
                    stream: RecordStream(origin: "", name: ""),
                    offset: 0
                )
            }
            return records
        }
        let records = try plain("store.db")
        #expect(records.count > 400)
        #expect(records == (try plain("file.db")))
        #expect(!records.contains { $0.line?.contains("99999") == true })
    }

    @Test(
        "records that retention deleted before they were read are missed with a word, and the rest is scored"
    )
    func retention() throws {
        let cluster = try TestKafka.real("4.3.1").open()
        let service = try ServiceGroup(scratch, cluster, partitions: 1, linesEach: 400)
        let command = service.command(
            store: "store.db",
            checkpoints: "topic:\(cluster.uniqueName("checkpoints"))",
            ["--exit-at-end"]
        )
        try service.produce(0..<200)
        _ = try scratch.finish(command)
        try service.produce(200..<400)
        let offsets = try scratch.write(
            "offsets.json",
            #"{"partitions":[{"topic":"\#(service.topic)","partition":0,"offset":300}],"version":1}"#
        )
        try #require(cluster.real).tool("delete-records", ["--offset-json-file", offsets])
        let ran = try scratch.finish(command)
        #expect(ran.count(of: "offset_gone") == 1, "\(ran.errors)")
        #expect(ran.errors.contains("expects offset 200 next, which is not there: going on at 300"))
        let offsetsStored = Set(try service.stored(["store.db"]).keys.map(\.offset))
        #expect(offsetsStored.isDisjoint(with: 200..<300))
        #expect(offsetsStored.isSuperset(of: 300..<400))
        let again = try scratch.finish(command)
        #expect(again.count(of: "offset_gone") == 0 && again.count(of: "checkpoint_loaded") == 1)
    }

    @Test("a topic made again is read from its first record, with a word and the models that were there")
    func madeAgain() throws {
        let cluster = try TestKafka.real("4.3.1").open()
        let service = try ServiceGroup(scratch, cluster, partitions: 1, linesEach: 300)
        let command = service.command(
            store: "store.db",
            checkpoints: "topic:\(cluster.uniqueName("checkpoints"))",
            ["--exit-at-end"]
        )
        try service.produce(0..<300)
        _ = try scratch.finish(command)
        let before = service.count("store.db")
        let admin = try KafkaAdmin(cluster.properties)
        try admin.deleteTopic(service.topic)
        // Deleting goes on after its answer; until then the name is taken.
        try wait { (try? admin.createTopic(.init(service.topic, settings: ["retention.ms": "-1"]))) != nil }
        try service.produce(0..<100)
        let ran = try scratch.finish(command)
        #expect(ran.count(of: "offset_gone") == 1, "\(ran.errors)")
        // Scored from the first on: the models need no warm-up.
        #expect(service.count("store.db") == before + 100)
        let again = try scratch.finish(command)
        #expect(again.count(of: "offset_gone") == 0 && again.count(of: "checkpoint_loaded") == 1)
        #expect(service.count("store.db") == before + 100)
    }

    private func wait(_ done: () -> Bool) throws {
        let end = Date().addingTimeInterval(60)
        while !done() {
            try #require(Date() < end)
            usleep(50_000)
        }
    }
}
