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

    @Test("a configuration of local: what is in force and from where, keys hidden")
    func local() throws {
        let file = try scratch.write(
            "l.yaml",
            """
            local: {port: 9002, concurrency: 300}
            clusters: {demo: "b1:9092,b2:9092"}
            services: {dynamodb: "http://127.0.0.1:5000"}
            keys: {AKID: {env: KEY}}
            """
        )
        let result = try scratch.run(
            ["check", "--for", "local", file, "--concurrency", "5000", "--kafka-property", "client.id=x"],
            environment: ["KEY": "hunter2"]
        )
        #expect(result.code == .success, "\(result.errors)")
        func row(_ key: String) -> String {
            let line = result.lines.first { $0.hasPrefix(key + " ") } ?? ""
            return line.split(separator: " ").joined(separator: " ")
        }
        #expect(row("local.port") == "local.port 9002 \(file):1:15")
        #expect(row("local.concurrency") == "local.concurrency 5000 flag --concurrency")
        #expect(row("clusters.demo").hasPrefix("clusters.demo b1:9092,b2:9092 \(file)"))
        #expect(row("kafka.properties.client.id").hasSuffix("x flag --kafka-property"))
        #expect(result.output.contains("keys.AKID") && !result.output.contains("hunter2"))
        #expect(!result.output.contains("memory"), "functions have limits of their own")
    }

    @Test(
        "what local would refuse is refused beforehand, code 78",
        arguments: [
            (["--cluster", "demo=b1"], "clusters.demo"), (["--cluster", "demo=b:1,"], "clusters.demo"),
            (["--service", "s3=nowhere"], "services.s3"), (["--account", "1"], "local.account"),
            (["--model", "a b=m"], "models.a b"), (["--kafka-property", "nonsense=1"], "nonsense"),
            (["--concurrency", "10001"], "local.concurrency"),
        ]
    )
    func wrongLocal(_ arguments: [String], _ place: String) throws {
        let result = try scratch.run(["check", "--for", "local"] + arguments)
        #expect(result.code == .invalidConfiguration && result.errors.contains(place), "\(result.errors)")
        let started = try scratch.run(["local", "--data", scratch.path("data")] + arguments)
        #expect([.invalidConfiguration, .usage].contains(started.code), "\(started.errors)")
    }

    @Test("a flag of several commands has the bounds of the one that is meant")
    func sharedFlag() throws {
        let forward = ["check", "--for", "forward", "--brokers", "b", "--topic", "t", "--to", "topic:x"]
        #expect(try scratch.run(forward + ["--concurrency", "200"]).code == .success)
        let tooMany = try scratch.run(forward + ["--concurrency", "201"])
        #expect(tooMany.code == .invalidConfiguration && tooMany.errors.contains("forward.concurrency"))
        #expect(try scratch.run(["check", "--for", "local", "--concurrency", "201"]).code == .success)
        let run = try scratch.run(["check", "--brokers", "b", "--topic", "t", "--concurrency", "9"])
        #expect(run.code == .usage && run.errors.contains("--for forward"))
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
