import Foundation
import Testing

/// `scripts/test` with a stand-in for Swift, which prints what a test run prints.
@Suite(.serialized) struct TestRunnerTests {
    static let passed = "✔ Test run with 3 tests in 1 suite passed after 0.001 seconds."
    static let failed = "✘ Test run with 3 tests in 1 suite failed after 0.001 seconds with 1 issue."

    /// Events in the form of the toolchain's stream: a skipped test, a slow one, and a test that left out a case.
    static let events = #"""
        {"kind":"test","payload":{"displayName":"of cases","id":"T.d(_:)\/T.swift:6:2","kind":"function"},"version":"6.3.0"}
        {"kind":"event","payload":{"kind":"testSkipped","messages":[{"symbol":"skip","text":"Test \"needs \"kcat\"\" skipped: \"kcat is not there\""}],"testID":"T.a()"},"version":"6.3.0"}
        {"kind":"event","payload":{"kind":"testSkipped","messages":[{"symbol":"skip","text":"Test \"long\" skipped: \"slow: an hour\""}],"testID":"T.b()"},"version":"6.3.0"}
        {"kind":"event","payload":{"kind":"testCaseCancelled","messages":[],"testID":"T.d(_:)\/T.swift:6:2"},"version":"6.3.0"}
        """#

    private func run(
        prints lines: [String],
        events: String = "",
        status: Int,
        environment: String = ""
    ) throws -> (status: Int32, lines: [String]) {
        var result: (status: Int32, output: String) = (0, "")
        try Script.withDirectory { directory in
            let script = try String(contentsOf: Script.root.appending(path: "scripts/test"), encoding: .utf8)
            try Script.write(script, to: directory.appending(path: "scripts/test"))
            try Script.write(lines.joined(separator: "\n") + "\n", to: directory.appending(path: "output"))
            try Script.write(events + "\n", to: directory.appending(path: "events"))
            let stub = """
                #!/usr/bin/env bash
                [[ $1 == build ]] && exit 0
                here=$(dirname "$0")
                while (($#)); do [[ $1 == --event-stream-output-path ]] && cp "$here/events" "$2"; shift; done
                cat "$here/output"
                exit \(status)
                """
            try Script.write(stub, to: directory.appending(path: "swift"))
            let path = "'\(directory.path)'"
            let command = "chmod +x \(path)/swift; unset TIMBERLINE_REQUIRE_PEERS; PATH=\(path):$PATH"
            result = try Script.run("-c", ["\(command) \(environment) bash \(path)/scripts/test"])
        }
        return (result.status, result.output.split(separator: "\n").map(String.init))
    }

    @Test("ends with the runner's closing line, and leaves out what only begins")
    func passing() throws {
        let result = try run(
            prints: ["◇ Test \"a\" started.", "✔ Test \"a\" passed.", Self.passed],
            status: 0
        )
        #expect(result.status == 0)
        #expect(result.lines == ["✔ Test \"a\" passed.", Self.passed, "Skipped: none", Self.passed])
    }

    @Test("a failed run fails, and still ends with the closing line")
    func failing() throws {
        let result = try run(prints: ["✘ Test \"a\" failed.", Self.failed], status: 1)
        #expect(result.status == 1)
        #expect(result.lines.last == Self.failed)
    }

    @Test("a run that dies has no closing line of its own, and fails")
    func crash() throws {
        let result = try run(prints: ["Fatal error"], status: 132)
        #expect(result.status != 0)
        #expect(result.lines.last?.hasPrefix("✘ Test run did not finish") == true)
        #expect(try run(prints: ["nothing"], status: 0).status == 1)
    }

    @Test("lists what was skipped and why, slow tests apart")
    func skips() throws {
        let lines = ["➜ left out: Kafka 3.9.2: not there", Self.passed]
        let result = try run(prints: lines, events: Self.events, status: 0)
        #expect(result.status == 0)
        #expect(
            Array(result.lines.dropFirst(2)) == [
                "Skipped (2):",
                "  Test \"needs \"kcat\"\" skipped: \"kcat is not there\"",
                "  Test \"of cases\" skipped for 1 of its arguments",
                "  ➜ left out: Kafka 3.9.2: not there",
                "Slow, run by 'make test-slow' (1):",
                "  Test \"long\" skipped: \"slow: an hour\"",
                Self.passed,
            ]
        )
    }

    @Test("with TIMBERLINE_REQUIRE_PEERS=1 a skip is a failure, but for slow tests")
    func requiredPeers() throws {
        let peers = "TIMBERLINE_REQUIRE_PEERS=1"
        let skipped = try run(prints: [Self.passed], events: Self.events, status: 0, environment: peers)
        #expect(skipped.status == 1)
        #expect(skipped.lines.last == Self.passed)
        let slow = Self.events.split(separator: "\n")[2]
        #expect(
            try run(prints: [Self.passed], events: String(slow), status: 0, environment: peers).status == 0
        )
    }
}
