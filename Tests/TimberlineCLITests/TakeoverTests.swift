import DetectionPipeline
import Foundation
import KafkaTestSupport
import Testing

/// Partitions that pass from one instance of `timberline run` to another.
@Suite(.ownThread) struct TakeoverTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test(
        "who stands still past the session and goes on later spoils nothing that the next owner did"
    )
    func zombie() throws {
        let cluster = try TestKafka.real("4.3.1").open()
        let service = try ServiceGroup(scratch, cluster, linesEach: 1_000)
        let place = cluster.uniqueName("checkpoints")
        try service.produce(0..<600)
        let first = try scratch.start(service.command(store: "first.db", checkpoints: "topic:\(place)"))
        try first.wait(120) { service.count("first.db") > 100 }
        first.send(SIGSTOP)
        let before = try service.checkpoints(in: place)
        let second = try scratch.start(service.command(store: "second.db", checkpoints: "topic:\(place)"))
        try service.produce(600..<800)
        try service.waitUntilCommitted(800)
        // Until it has saved what it committed, so that something is there to be spoilt.
        try second.wait(60) { try service.checkpoints(in: place).values.allSatisfy { $0.nextOffset == 800 } }
        let after = try service.checkpoints(in: place)
        for partition in 0..<2 as Range<Int32> {
            #expect(try #require(after[partition]).epoch > #require(before[partition]).epoch)
        }

        first.send(SIGCONT)
        try first.wait(60) { first.count(of: "partitions_lost") >= 1 }
        let then = try service.checkpoints(in: place)
        for (partition, checkpoint) in after {
            let found = try #require(then[partition])
            #expect(found.epoch >= checkpoint.epoch && found.nextOffset >= checkpoint.nextOffset)
        }
        try service.produce(800..<1_000)
        try service.waitUntilCommitted(1_000)
        for instance in [first, second] {
            instance.send(SIGTERM)
            #expect(instance.wait() == 0, "\(instance.errors)")
            #expect(instance.count(of: "checkpoint_missing") == 0, "\(instance.errors)")
        }
        try service.expectExactness(of: ["first.db", "second.db"])
    }

    @Test("a second instance joins, the first leaves and comes back: as if nobody had moved")
    func rebalance() throws {
        let cluster = try TestKafka.real("4.3.1").open()
        let service = try ServiceGroup(scratch, cluster, linesEach: 800)
        let place = "topic:\(cluster.uniqueName("checkpoints"))"
        try service.produce(0..<200)
        var first = try scratch.start(service.command(store: "first.db", checkpoints: place))
        try service.waitUntilCommitted(200)
        let second = try scratch.start(service.command(store: "second.db", checkpoints: place))
        try second.wait { second.count(of: "partitions_assigned") >= 1 }
        try service.produce(200..<400)
        try service.waitUntilCommitted(400)
        first.send(SIGTERM)
        #expect(first.wait() == 0, "\(first.errors)")
        #expect(first.count(of: "checkpoint_missing") == 0, "\(first.errors)")
        try service.produce(400..<600)
        try service.waitUntilCommitted(600)
        first = try scratch.start(service.command(store: "first.db", checkpoints: place))
        try first.wait { first.count(of: "partitions_assigned") >= 1 }
        try service.produce(600..<800)
        try service.waitUntilCommitted(800)
        for instance in [first, second] {
            instance.send(SIGTERM)
            #expect(instance.wait() == 0, "\(instance.errors)")
            #expect(instance.count(of: "checkpoint_missing") == 0, "\(instance.errors)")
        }
        #expect(service.count("first.db") > 0 && service.count("second.db") > 0)
        try service.expectExactness(of: ["first.db", "second.db"])
    }

    @Test("with checkpoints in a file, who takes a partition over is told that its models begin anew")
    func missing() throws {
        let cluster = try TestKafka.real("4.3.1").open()
        let service = try ServiceGroup(scratch, cluster, linesEach: 100)
        try service.produce(0..<100)
        let first = try scratch.start(service.command(store: "first.db", checkpoints: "store"))
        try service.waitUntilCommitted(100)
        #expect(first.count(of: "checkpoint_missing") == 0, "\(first.errors)")
        let second = try scratch.start(service.command(store: "second.db", checkpoints: "store"))
        try second.wait { second.count(of: "checkpoint_missing") >= 1 }
        #expect(second.errors.contains("several instances need checkpoints in a topic"))
    }
}
