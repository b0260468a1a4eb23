import Foundation
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

@Suite(.ownThread) struct OutputTests {
    let scratch: Scratch
    let log: String

    init() throws {
        scratch = try Scratch()
        log = try scratch.write("app.log", SampleLog().text)
    }

    @Test("a reader that has seen enough ends the program quietly")
    func head() throws {
        // More than a pipe holds, so that the writer meets the closed end.
        try scratch.write("long.log", SampleLog(count: 3_000).text)
        let ran = try scratch.shell("\"$TIMBERLINE\" score --all long.log | head -1; exit ${PIPESTATUS[0]}")
        #expect(ran.status == 0)
        #expect(ran.output.split(separator: "\n").count == 1)
        #expect(!ran.errors.contains("timberline:"), "\(ran.errors)")
    }

    @Test("a closed standard output ends quietly, and no other file is written in its place")
    func closedOutput() throws {
        let ran = try scratch.shell(
            "\"$TIMBERLINE\" score --store s.db --dead-letters d.jsonl app.log >&-; code=$?; cat d.jsonl; exit $code"
        )
        #expect(ran.status == 0)
        #expect(ran.output == "")
        #expect(try scratch.run(["anomalies", "--store", scratch.path("s.db")]).output.contains("45000"))
    }

    @Test("on a live pipe an anomaly shows while the pipe is open and no line follows")
    func livePipe() throws {
        let pipe = scratch.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let program = try scratch.start(["score", "-"], input: pipe)
        let writer = try #require(FileHandle(forUpdatingAtPath: pipe))
        let log = SampleLog(count: 400, odd: 399)
        try writer.write(contentsOf: Data(log.lines.dropLast().map { $0 + "\n" }.joined().utf8))
        // The pipe is empty once the program has read it.
        try program.wait {
            var waiting: Int32 = 0
            return ioctl(writer.fileDescriptor, UInt(FIONREAD), &waiting) == 0 && waiting == 0
        }
        #expect(!program.output.contains("45000"))
        try writer.write(contentsOf: Data((log.lines[399] + "\n").utf8))
        try program.wait(60) { program.output.contains("45000") }
    }

    @Test("several files are one stream: cut anywhere, the scores stay")
    func severalFiles() throws {
        let lines = SampleLog().lines
        let names = [0..<17, 17..<40, 40..<600].enumerated().map { ("part\($0)", $1) }
        let paths = try names.map { try scratch.write($0, lines[$1].map { $0 + "\n" }.joined()) }
        let whole = try scratch.run(["score", "--all", "--output", "json", log]).lines.map(scoreAndDrivers)
        let parts = try scratch.run(["score", "--all", "--output", "json"] + paths).lines.map(scoreAndDrivers)
        #expect(whole.count == 568)
        #expect(whole == parts)
    }

    private func scoreAndDrivers(_ line: String) throws -> String {
        var object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        object["source"] = nil
        return String(
            decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys),
            as: UTF8.self
        )
    }

    @Test("--top gives the highest scores first, and the odd line is the first of them")
    func top() throws {
        let result = try scratch.run(["score", "--top", "5", "--output", "json", log])
        let scores = try result.lines.map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return try #require(object?["score"] as? Double)
        }
        #expect(scores.count == 5 && scores == scores.sorted(by: >))
        #expect(result.lines[0].contains("45000"))
    }

    @Test("--warm-up gives scores from the first line on")
    func warmUp() throws {
        let history = try scratch.write("history.log", SampleLog(seed: 3, odd: -1).text)
        let result = try scratch.run(["score", "--all", "--warm-up", history, log])
        #expect(result.lines.count == 600)
        #expect(!result.output.contains("(early)"))
        #expect(try scratch.run(["score", log, "--warm-up", scratch.path("none")]).code == .unreadableInput)
    }

    @Test("--by keeps a model for each value, no more than the bound, and says what was dropped")
    func entities() throws {
        let many = try scratch.write("many.log", SampleLog(count: 2_000, services: 40).text)
        let all = try scratch.run(["score", "--by", "service", "--all", "--output", "json", many])
        #expect(all.output.contains("\"entity\":\"s39\""))
        #expect(!all.errors.contains("models dropped"))
        let bounded = try scratch.run(["score", "--by", "service", "--maximum-entities", "8", many])
        #expect(bounded.code == .success)
        #expect(bounded.errors.contains("models dropped"))
    }

    @Test("--no-line leaves the log line out of output and store")
    func noLine() throws {
        let store = scratch.path("s.db")
        let result = try scratch.run(["score", "--no-line", "--output", "json", "--store", store, log])
        #expect(result.output.contains("45000") && result.output.contains("\"line\":null"))
        #expect(!result.output.contains("service"))
        let stored = try scratch.run(["anomalies", "--store", store, "--output", "json"])
        #expect(stored.output == result.output)
    }

    @Test("what was stored is queried by time, entity, score and number; storing again adds nothing")
    func stored() throws {
        let store = scratch.path("s.db")
        let arguments = ["score", "--by", "service", "--all", "--output", "json", "--store", store, log]
        let scored = try scratch.run(arguments)
        #expect(try scratch.run(arguments).output == scored.output)
        func query(_ more: String...) throws -> [String] {
            try scratch.run(["anomalies", "--store", store, "--output", "json"] + more).lines
        }
        #expect(try query("--all") == scored.lines)
        #expect(try query("--all", "--entity", "s1") == [])
        #expect(try query("--all", "--since", "2024-05-01T10:05:00Z").count == 300)
        #expect(try query("--all", "--until", "2024-05-01T10:05:00Z").count == 268)
        #expect(try query("--all", "--limit", "3") == Array(scored.lines.suffix(3)))
        let strong = try query("--min-score", "2")
        #expect(!strong.isEmpty && strong.allSatisfy { $0.contains("\"anomalous\":true") })
        #expect(strong.contains { $0.contains("45000") })
        #expect(try query("--since", "1h") == [])
    }

    @Test(
        "colour is for terminals, and NO_COLOR takes it away",
        .enabled(if: Command.exists("script"), "script is not installed")
    )
    func colour() throws {
        let run = "script -qec '\"$TIMBERLINE\" score app.log' /dev/null </dev/null"
        let coloured = try scratch.shell("TERM=xterm NO_COLOR= \(run)")
        #expect(coloured.output.contains("\u{1b}[1;31m"), "\(coloured)")
        #expect(try !scratch.shell("TERM=xterm NO_COLOR=1 \(run)").output.contains("\u{1b}[1;31m"))
        #expect(try !scratch.shell("\"$TIMBERLINE\" score app.log").output.contains("\u{1b}"))
    }

    @Test("--version names librdkafka's too, --help and completion go to standard output")
    func informative() throws {
        let version = try scratch.run(["--version"])
        #expect(version.code == .success)
        #expect(
            version.output.wholeMatch(of: /timberline \d+\.\d+\.\d+ \(librdkafka \d+\.\d+\.\d+.*\)\n/) != nil
        )
        for arguments in [
            ["--help"], ["help", "score"], ["completion", "bash"], ["completion", "zsh"],
            ["completion", "fish"],
        ] {
            let shown = try scratch.run(arguments)
            #expect(shown.code == .success)
            #expect(shown.output.contains("timberline") && shown.errors == "")
        }
    }

    @Test("the JSON names are those of the table in docs/OUTPUT.md")
    func names() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/OUTPUT.md")
        let documented = Set(
            try String(contentsOf: page, encoding: .utf8).matches(of: /(?m)^\| `([a-z._\[\]]+)` \|/).map {
                String($0.1)
            }
        )
        var lines = SampleLog().lines
        lines[550] = lines[550].replacing(
            "\"bytes\"",
            with: "\"text\":\"\(String(repeating: "x", count: 3_000))\",\"bytes\""
        )
        try scratch.write("wide.log", lines.map { $0 + "\n" }.joined())
        let output = try scratch.run(["score", "--output", "json", scratch.path("wide.log")]).lines
        var found: Set<String> = []
        for line in output { collect(try JSONSerialization.jsonObject(with: Data(line.utf8)), "", &found) }
        #expect(found == documented)
    }

    private func collect(_ value: Any, _ path: String, _ names: inout Set<String>) {
        for (name, member) in value as? [String: Any] ?? [:] {
            let inner = path.isEmpty ? name : "\(path).\(name)"
            let isContainer = member is [String: Any] || member is [Any]
            if !isContainer { names.insert(inner) }
            collect(member, inner, &names)
        }
        for element in value as? [Any] ?? [] { collect(element, path + "[]", &names) }
    }
}
