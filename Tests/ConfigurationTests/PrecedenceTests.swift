import Configuration
import Testing
import TypedValues

@Suite struct PrecedenceTests {
    typealias S = RunSettings

    static let yaml = """
        kafka:
          brokers: [a:1, b:2]
          group: from-file
        batch:
          window: 5s
        """

    @Test("a flag beats the environment, that the file, that the default")
    func order() throws {
        let environment = ["TIMBERLINE_KAFKA_GROUP": "from-environment", "TIMBERLINE_BATCH_WINDOW": "6s"]
        let all = try S.resolve(Self.yaml, environment: environment, arguments: ["--group", "from-flag"])
        #expect(all[S.group] == "from-flag")
        #expect(all.origin(of: S.group) == .flag("group"))
        #expect(all[S.batchWindow] == .seconds(6))
        #expect(all.origin(of: S.batchWindow) == .environment("TIMBERLINE_BATCH_WINDOW"))
        #expect(all[S.brokers] == ["a:1", "b:2"])
        #expect(all.origin(of: S.brokers) == .file("t.yaml", line: 2, column: 12))
        #expect(all[S.batchSize] == 1000)
        #expect(all.origin(of: S.batchSize) == .defaultValue)
        #expect(all[S.warmUp] == nil)
    }

    @Test("flags of a boolean go both ways over the file")
    func flags() throws {
        #expect(try !S.resolve("store: {line: false}")[S.keepLine])
        #expect(try S.resolve("store: {line: false}", arguments: ["--line"])[S.keepLine])
        #expect(try !S.resolve("store: {line: true}", arguments: ["--no-line"])[S.keepLine])
        #expect(try S.resolve("store: {line: true}", arguments: [])[S.keepLine])
    }

    @Test("lists read alike from a sequence, a text with commas, a variable and repeated flags")
    func lists() throws {
        let wanted = ["a", "b", "c"]
        #expect(try S.resolve("kafka: {topics: [a, b, c]}")[S.topics] == wanted)
        #expect(try S.resolve("kafka: {topics: 'a, b,c'}")[S.topics] == wanted)
        let environment = ["TIMBERLINE_KAFKA_TOPICS": "a,b,c", "TIMBERLINE_KAFKA_BROKERS": "x"]
        #expect(try S.resolve(environment: environment)[S.topics] == wanted)
        #expect(try S.resolve(arguments: ["--topic", "a,b", "--topic=c"])[S.topics] == wanted)
    }

    @Test("maps are merged key by key, each with its origin")
    func maps() throws {
        let yaml = """
            kafka:
              properties:
                client.id: me
                enable.auto.commit: false
                sasl.password: hunter2
            """
        let result = try S.resolve(
            yaml,
            arguments: ["--kafka-property", "client.id=you", "--kafka-property=a=b=c"]
        )
        #expect(result[S.properties]["client.id"] == "you")
        #expect(result[S.properties]["enable.auto.commit"] == "false")
        #expect(result[S.properties]["sasl.password"] == "hunter2")
        #expect(result[S.properties]["a"] == "b=c")
        let origins = result.entries.filter { $0.key.hasPrefix("kafka.properties") }
        #expect(origins.first { $0.key.hasSuffix("client.id") }?.origin == .flag("kafka-property"))
        #expect(
            origins.first { $0.key.hasSuffix("auto.commit") }?.origin == .file("t.yaml", line: 4, column: 25)
        )
    }

    @Test("records are read from a file with their defaults")
    func records() throws {
        let yaml = "features:\n  - field: time\n    transform: none\n  - {field: size}\n"
        let result = try S.resolve(yaml)
        #expect(
            result[S.features] == [
                .init(field: "time", transform: .none), .init(field: "size", transform: .auto),
            ]
        )
        #expect(result.entries.first { $0.key == "features[1].transform" }?.text == "auto")
    }

    @Test("says which ways there are to give a required setting")
    func required() {
        #expect(
            RunSettings.errors("", environment: [:]) == [
                "kafka.brokers: is required; give --brokers, TIMBERLINE_KAFKA_BROKERS or 'kafka.brokers' in the configuration file"
            ]
        )
    }

    @Test("an empty variable is not set, and a Kubernetes service link is no setting")
    func environment() throws {
        let environment = [
            "TIMBERLINE_KAFKA_BROKERS": "b", "TIMBERLINE_KAFKA_GROUP": "",
            "TIMBERLINE_PORT": "tcp://10.0.0.1:80",
            "TIMBERLINE_SERVICE_HOST": "10.0.0.1", "TIMBERLINE_PORT_80_TCP_PROTO": "tcp",
            "TIMBERLINE_TEST_KAFKA": "x",
            "TIMBERLINE_CONFIG": "t.yaml", "TIMBERLINE_KAFKA_GRUOP": "g", "HOME": "/",
        ]
        let result = try S.resolve(environment: environment)
        #expect(result[S.group] == "timberline")
        #expect(
            result.warnings == [
                "the environment variable 'TIMBERLINE_KAFKA_GRUOP' sets nothing; did you mean 'TIMBERLINE_KAFKA_GROUP'?"
            ]
        )
    }

    @Test("reports a bad variable with its name")
    func badVariable() {
        let errors = RunSettings.errors(
            "",
            environment: ["TIMBERLINE_KAFKA_BROKERS": "b", "TIMBERLINE_BATCH_SIZE": "0"]
        )
        #expect(
            errors == [
                "environment variable TIMBERLINE_BATCH_SIZE: batch.size: '0' is too small; the smallest is 1"
            ]
        )
    }

    @Test("prints the effective values in columns with their origins")
    func table() throws {
        let lines = try S.resolve(Self.yaml, environment: [:]).table.split(separator: "\n")
        #expect(lines.contains("kafka.brokers  a:1,b:2    t.yaml:2:12"))
        #expect(lines.contains("batch.window   5s         t.yaml:5:11"))
        #expect(lines.contains("limits.line    64KiB      default"))
    }

    @Test("the schema is sound, and a faulty one is found out")
    func problems() {
        #expect(S.schema.problems == [])
        let faulty = Schema([
            SettingGroup(
                "A",
                [
                    Setting("a", .integer, default: 1, flag: "f", help: ""),
                    Setting("a", .integer, default: 1, flag: "f", help: ""),
                    Setting("a.password", .string, default: "x", flag: "p", help: ""),
                ]
            )
        ])
        #expect(faulty.problems.count == 6, "\(faulty.problems)")
    }

    @Test("documents every setting in a table")
    func markdown() {
        let row =
            "| `batch.window` | DURATION | `200ms` | `--batch-window` | `TIMBERLINE_BATCH_WINDOW` | How long a batch stays open. |"
        #expect(S.schema.markdown.contains(row))
        #expect(S.schema.markdown.contains("| `kafka.topics` | TEXT,… | none | `--topic` |"))
        for setting in S.schema.settings { #expect(S.schema.markdown.contains("`\(setting.key)`")) }
    }
}
