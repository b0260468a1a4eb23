import DetectionPipeline
import Foundation
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

@Suite(.ownThread) struct ExitCodeTests {
    let scratch: Scratch
    let log: String

    init() throws {
        scratch = try Scratch()
        log = try scratch.write("app.log", SampleLog().text)
    }

    @Test("0: a file with an anomaly is no failure; 3 where it was asked to be")
    func anomalies() throws {
        let plain = try scratch.run(["score", log])
        #expect(plain.code == .success)
        #expect(plain.output.contains("duration_ms 45 s ↑ expected"), "\(plain.output)")
        #expect(plain.errors.contains("600 lines"))
        #expect(try scratch.run(["score", "--fail-on-anomaly", log]).code == .anomaliesFound)
        #expect(try scratch.run(["score", "--fail-on-anomaly", "--threshold", "90", log]).code == .success)
    }

    @Test(
        "64: what the command line gets wrong",
        arguments: [
            ["scor"], ["score", "--tpo", "3"], ["score", "--top", "none"],
            ["anomalies", "--since", "yesterdayish"],
            ["completion", "tcsh"],
        ]
    )
    func usage(_ arguments: [String]) throws {
        let result = try scratch.run(arguments)
        #expect(result.code == .usage)
        #expect(result.output == "")
        #expect(result.errors.hasPrefix("timberline"), "\(result.errors)")
    }

    @Test("64: a mistyped option is answered with the nearest one")
    func suggestion() throws {
        #expect(try scratch.run(["score", "--tpo", "3"]).errors.contains("--top"))
        #expect(try scratch.run(["scor"]).errors.contains("score"))
    }

    @Test("65: input that cannot be read, by name")
    func unreadable() throws {
        for (path, reason) in [("missing.log", "No such file"), ("", "directory")] {
            let result = try scratch.run(["score", scratch.path(path)])
            #expect(result.code == .unreadableInput)
            #expect(result.errors.contains(scratch.path(path)) && result.errors.contains(reason))
        }
        #expect(try scratch.run(["anomalies", "--store", scratch.path("none.db")]).code == .unreadableInput)
    }

    @Test(
        "65: a file without permission",
        .enabled(if: Command.exists("setpriv"), "setpriv is not installed")
    )
    func noPermission() throws {
        // Root reads everything; its right to do so is given up first.
        let ran = try scratch.shell(
            """
            chmod 000 app.log
            if [ "$(id -u)" = 0 ]; then set -- setpriv --bounding-set -all --inh-caps -all --reuid 65534 --clear-groups; fi
            chmod 755 .; "$@" "$TIMBERLINE" score app.log
            """
        )
        // Where not even the program may be reached by others, the shell says so with 126.
        if ran.status == 126 || ran.status == 127 {
            try Test.cancel("the build directory is not open to other users")
        }
        #expect(ran.status == 65)
        #expect(ran.errors.contains("app.log: Permission denied"), "\(ran.errors)")
    }

    @Test("65: a file that disappears after the first is an error after the first one's results")
    func disappears() throws {
        let second = try scratch.write("second.log", "x\n")
        let source = try FileRecordSource(paths: [log, second], runIdentity: "test")
        try FileManager.default.removeItem(atPath: second)
        var records = 0
        func readAll() throws {
            while true {
                guard case .batches(let batches) = try source.next() else { return }
                records += batches[0].records.count
            }
        }
        let error = #expect(throws: InputError.self) { try readAll() }
        #expect(records == 600)
        #expect(error?.path == second)
    }

    @Test("69: no broker answers in time")
    func noBroker() throws {
        let result = try scratch.run(
            [
                "run", "--brokers", "127.0.0.1:1", "--topic", "t", "--store", scratch.path("s.db"),
                "--dead-letter-file", scratch.path("d.jsonl"), "--log-level", "error",
            ],
            environment: ["TIMBERLINE_KAFKA_CONNECT_TIMEOUT": "400ms"]
        )
        #expect(result.code == .unavailable)
        #expect(result.errors.contains("127.0.0.1:1"), "\(result.errors)")
    }

    @Test("74: output, store or dead letters that cannot be written")
    func cannotWrite() throws {
        #expect(try scratch.shell("\"$TIMBERLINE\" score --all app.log > /dev/full").status == 74)
        for option in ["--store", "--dead-letters"] {
            let result = try scratch.run(["score", option, "/nonexistent/x", log])
            #expect(result.code == .cannotWrite)
            #expect(result.errors.contains("/nonexistent/x"), "\(result.errors)")
        }
    }

    @Test("74: a disk that is full for the store, and what was printed stays")
    func fullDisk() throws {
        // A limit on a file's size is a full disk to SQLite.
        let ran = try scratch.shell(
            "trap '' XFSZ; (ulimit -f 40; \"$TIMBERLINE\" score --all --store s.db app.log) | cat > /dev/null; exit ${PIPESTATUS[0]}"
        )
        #expect(ran.status == 74)
        #expect(ran.errors.contains("s.db"), "\(ran.errors)")
    }

    @Test(
        "78: what a configuration gets wrong, with its line",
        arguments: [
            ("detection:\n  treees: 3\n", "trees"), ("detection:\n  trees: many\n", "trees"),
            ("threads: [\n", "line"),
        ]
    )
    func invalidConfiguration(_ text: String, _ hint: String) throws {
        let file = try scratch.write("c.yaml", text)
        let result = try scratch.run(["score", "--config", file, log])
        #expect(result.code == .invalidConfiguration)
        #expect(result.errors.contains(hint) && result.errors.contains("c.yaml"), "\(result.errors)")
        #expect(
            try scratch.run(["score", "--config", scratch.path("none.yaml"), log]).code
                == .invalidConfiguration
        )
        #expect(try scratch.run(["run", "--brokers", "b:1"]).code == .invalidConfiguration)
        #expect(try scratch.run(["check", file]).code == .invalidConfiguration)
    }

    @Test("130: an interrupted score, with what it had")
    func interrupted() throws {
        let pipe = scratch.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let program = try scratch.start(["score", "--all", "-"], input: pipe)
        let writer = try #require(FileHandle(forUpdatingAtPath: pipe))
        try writer.write(contentsOf: Data(SampleLog(count: 100, odd: 0).text.utf8))
        try program.wait { program.output.contains("2024-05-01") }
        program.send(SIGINT)
        #expect(program.wait(20) == 130)
        #expect(program.errors.contains("100 lines"))
    }
}
