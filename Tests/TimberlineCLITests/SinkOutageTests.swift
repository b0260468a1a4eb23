import DetectionPipeline
import Foundation
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
}
