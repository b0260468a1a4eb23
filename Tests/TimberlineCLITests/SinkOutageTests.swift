import AnomalyStore
import DetectionPipeline
import Foundation
import HTTPTestSupport
import KafkaTestSupport
import Testing

/// `timberline run` while a sink is down.
@Suite(.ownThread) struct SinkOutageTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// Another process that keeps a store locked until it is let go of.
    private func lock(_ store: String) throws -> (program: RunningProgram, release: () throws -> Void) {
        let script = """
            import os, sqlite3, sys, time
            store = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
            store.execute("BEGIN EXCLUSIVE")
            print("locked", flush=True)
            while not os.path.exists(sys.argv[2]): time.sleep(0.05)
            """
        let flag = "release-\(UUID().uuidString)"
        let program = try RunningProgram(
            "/usr/bin/env",
            ["python3", "-c", script, scratch.path(store), scratch.path(flag)]
        )
        try program.wait { program.output.contains("locked") }
        return (program, { try scratch.write(flag, "") })
    }

    @Test("a store that is locked pauses consumption with a word; nothing is lost or reordered by it")
    func locked() throws {
        let cluster = try TestKafka.real("4.3.1").open()
        let service = try ServiceGroup(scratch, cluster, linesEach: 600)
        try service.produce(0..<300)
        // Checkpoints in the same file, which cannot be saved meanwhile either.
        let program = try scratch.start(
            service.command(store: "store.db", checkpoints: "store", ["--output", "json"])
        )
        try program.wait(90) { service.count("store.db") > 100 }
        let lock = try lock("store.db")
        try service.produce(300..<600)
        try program.wait(60) { program.count(of: "sink_failed") >= 2 }
        #expect(program.count(of: "sink_recovered") == 0 && program.isRunning)
        let held = service.count("store.db")
        #expect(held < 1_000)
        try lock.release()
        try program.wait { program.count(of: "sink_recovered") >= 1 }
        try service.waitUntilCommitted(600)
        program.send(SIGTERM)
        #expect(program.wait() == 0, "\(program.errors)")
        #expect(lock.program.wait() == 0)
        try service.expectExactness(of: ["store.db"])

        // What was printed came once, in the order of the log.
        var last: [Int: Int] = [:]
        var count = 0
        for line in program.output.split(separator: "\n") {
            let place = try #require(line.firstMatch(of: /"partition":(\d+),"offset":(\d+)/))
            let (partition, offset) = (try #require(Int(place.1)), try #require(Int(place.2)))
            #expect(offset > last[partition] ?? -1)
            last[partition] = offset
            count += 1
        }
        #expect(count == service.count("store.db"))
    }

    /// `run` on the mock with its operations port, and what `/readyz` says.
    private func start(
        _ cluster: TestCluster,
        _ topic: String,
        output: String = "/dev/null",
        _ more: [String]
    ) throws -> (program: RunningProgram, readiness: () throws -> String) {
        let program = try RunningProgram(
            "/bin/sh",
            [
                "-c", "exec \"$@\" >>'\(output)'", "sh", Scratch.program, "run", "--brokers", cluster.brokers,
                "--topic", topic, "--start", "earliest", "--store", scratch.path("store.db"), "--threshold",
                "0",
                "--trees", "10", "--operations", "127.0.0.1:0", "--batch-window", "50ms",
                "--kafka-property", "session.timeout.ms=5000",
            ] + more
        )
        let port = try OperationsPortTests.port(of: program)
        return (program, { try httpGet("/readyz", port: port).body })
    }

    @Test("a full disk under the dead letters pauses consumption with the reason; nothing is lost by it")
    func fullDisk() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        let letters = scratch.path("dead.jsonl")
        try FileManager.default.createSymbolicLink(atPath: letters, withDestinationPath: "/dev/full")
        let (program, readiness) = try start(cluster, topic, ["--dead-letter-file", letters])
        var lines = SampleLog(count: 300).lines
        lines[40] = "{\"poison\":"
        lines[250] = "{\"poison\":"
        try cluster.produce(lines, to: topic, partition: 0)
        try program.wait { program.count(of: "sink_failed") >= 3 }
        let reasons = try readiness()
        #expect(reasons.contains(#""reason":"paused""#) && reasons.contains("No space left on device"))
        #expect(reasons.contains(#""reason":"sink_failing","subject":"dead_letters""#))
        try cluster.produce(SampleLog(count: 100, seed: 2).lines + ["{\"poison\":"], to: topic, partition: 0)
        // Somebody makes room.
        try FileManager.default.removeItem(atPath: letters)
        try program.wait { program.count(of: "sink_recovered") >= 1 }
        try program.wait { try scratch.read("dead.jsonl").split(separator: "\n").count == 3 }
        try program.wait { try readiness().contains(#""ready":true"#) }
        program.send(SIGTERM)
        #expect(program.wait(20) == 0)
        let places = try scratch.read("dead.jsonl").split(separator: "\n").compactMap {
            $0.firstMatch(of: /"offset":(\d+)/).flatMap { Int($0.1) }
        }
        #expect(places == [40, 250, 400])
        #expect(try AnomalyStoreReader(path: scratch.path("store.db")).count() == 401 - 3 - 32)
    }

    @Test("a full disk under the standard output pauses consumption; then every anomaly is printed once")
    func fullOutput() throws {
        let disk = try SmallDisk(kibibytes: 256)
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        try Data().write(to: URL(fileURLWithPath: disk.path("out")))
        try disk.fill()
        let (program, readiness) = try start(
            cluster,
            topic,
            output: disk.path("out"),
            ["--output", "json", "--dead-letter-file", scratch.path("dead.jsonl")]
        )
        try cluster.produce(SampleLog(count: 300).lines, to: topic, partition: 0)
        try program.wait { program.count(of: "sink_failed") >= 3 }
        #expect(try readiness().contains(#""reason":"sink_failing","subject":"output""#))
        try disk.empty()
        try program.wait { program.count(of: "sink_recovered") >= 1 }
        program.send(SIGTERM)
        #expect(program.wait(20) == 0)
        let places = try String(contentsOfFile: disk.path("out"), encoding: .utf8).split(separator: "\n")
            .map { $0.firstMatch(of: /"offset":(\d+)/).flatMap { Int($0.1) } }
        #expect(places == (32..<300).map { $0 })
    }
}
