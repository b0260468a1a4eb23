import Testing

@testable import TimberlineCLI

@Suite struct CheckCommandTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private let yaml = """
        kafka: {brokers: [b], topics: [t]}
        forward:
          to: https://logs.example/in
          http-headers: {Authorization: {env: TOKEN}}
          concurrency: 7
        """

    @Test("a configuration of forward: what is in force and from where, secrets hidden")
    func forward() throws {
        let file = try scratch.write("f.yaml", yaml)
        let result = try scratch.run(
            ["check", "--for", "forward", file, "--send-records", "9"],
            environment: ["TOKEN": "hunter2", "TIMBERLINE_FORWARD_CONCURRENCY": "8"]
        )
        #expect(result.code == .success, "\(result.errors)")
        func row(_ key: String) -> [String] {
            let line = result.lines.first { $0.hasPrefix(key + " ") } ?? ""
            return line.split(separator: " ").map(String.init)
        }
        #expect(row("forward.to")[1...].joined(separator: " ") == "https://logs.example/in \(file):3:7")
        #expect(row("forward.concurrency").dropFirst().first == "8")
        #expect(row("forward.concurrency").joined().contains("TIMBERLINE_FORWARD_CONCURRENCY"))
        #expect(row("forward.batch-records").joined(separator: " ").hasSuffix(" 9 flag --send-records"))
        #expect(row("kafka.group").joined(separator: " ") == "kafka.group timberline-forward default")
        #expect(!result.output.contains("hunter2") && result.output.contains("Authorization"))
        #expect(!result.output.contains("detection."))
    }

    @Test("what is wrong in it is said with its place, code 78")
    func wrong() throws {
        let file = try scratch.write("f.yaml", yaml.replacing("concurrency: 7", with: "concurrency: 0"))
        let result = try scratch.run(["check", "--for", "forward", file], environment: ["TOKEN": "x"])
        #expect(result.code == .invalidConfiguration)
        #expect(result.errors.contains("\(file):5:16") && result.errors.contains("forward.concurrency"))
        let loop = try scratch.run([
            "check", "--for", "forward", "--brokers", "b", "--topic", "t", "--to", "topic:t",
        ])
        #expect(loop.code == .invalidConfiguration && loop.errors.contains("among the topics that are read"))
    }

    @Test("each command's configuration is one's own: sections and flags of the other are refused")
    func foreign() throws {
        let file = try scratch.write("f.yaml", yaml)
        let asRun = try scratch.run(["check", file], environment: ["TOKEN": "x"])
        #expect(asRun.code == .invalidConfiguration && asRun.errors.contains("forward"))
        let flag = try scratch.run(["check", "--to", "topic:x", "--brokers", "b", "--topic", "t"])
        #expect(flag.code == .usage)
        #expect(flag.errors.contains("--to is an option of 'timberline forward'; give --for forward"))
        let other = try scratch.run([
            "check", "--for", "forward", "--brokers", "b", "--topic", "t", "--to", "topic:x", "--threshold",
            "3",
        ])
        #expect(other.code == .usage && other.errors.contains("--threshold is an option of 'timberline run'"))
    }
}
