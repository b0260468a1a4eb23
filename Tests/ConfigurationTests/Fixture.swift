import CommandLineArguments
import Configuration
import TypedValues

/// Settings as `timberline run` declares its own.
enum RunSettings {
    struct Feature: Equatable, Sendable {
        let field: String
        let transform: Transform
    }

    enum Transform: String, CaseIterable, Sendable { case auto, log, none }
    enum Start: String, CaseIterable, Sendable { case latest, earliest, timestamp }

    static let brokers = Setting.required(
        "kafka.brokers",
        .list(of: .string, minimum: 1),
        flag: "brokers",
        help: "Addresses of brokers."
    )
    static let topics = Setting(
        "kafka.topics",
        .list(of: .string),
        default: [],
        flag: "topic",
        help: "Topics to read."
    )
    static let group = Setting(
        "kafka.group",
        .string,
        default: "timberline",
        flag: "group",
        help: "The consumer group."
    )
    static let start = Setting(
        "kafka.start",
        ValueType<Start>.choice,
        default: .latest,
        flag: "from",
        help: "Where a new group begins."
    )
    static let properties = Setting(
        "kafka.properties",
        .properties,
        default: [],
        flag: "kafka-property",
        help: "Passed to librdkafka."
    )
    static let batchSize = Setting(
        "batch.size",
        .integer(in: 1...100_000),
        default: 1000,
        flag: "batch-size",
        help: "Records in a batch."
    )
    static let batchWindow = Setting(
        "batch.window",
        .duration(in: .milliseconds(1)...),
        default: .milliseconds(200),
        flag: "batch-window",
        help: "How long a batch stays open."
    )
    static let maximumLine = Setting(
        "limits.line",
        .byteSize,
        default: .kibibytes(64),
        help: "The longest line."
    )
    static let keepLine = Setting(
        "store.line",
        .flag,
        default: true,
        flag: "line",
        help: "Keep the log line."
    )
    static let warmUp = Setting("model.warm-up", .file, flag: "warm-up", help: "History to learn from.")
    static let token = Setting("alerts.token", .string, help: "For the webhook.")
    static let features = Setting(
        "features",
        .records(of: Feature.self) { reader in
            let field = reader.required("field", .string)
            let transform = reader.value("transform", .choice, default: Transform.auto)
            return field.map { Feature(field: $0, transform: transform) }
        } write: {
            [("field", $0.field), ("transform", $0.transform.rawValue)]
        },
        default: [],
        help: "What the forest sees."
    )

    static let schema = Schema(
        [
            SettingGroup("Kafka", [brokers, topics, group, start, properties]),
            SettingGroup("Batches", [batchSize, batchWindow]),
            SettingGroup("Model", [warmUp, features, maximumLine]),
            SettingGroup("Results", [keepLine, token]),
        ],
        otherEnvironmentNames: ["TIMBERLINE_CONFIG"]
    )

    static let program = Program(
        Command(
            "timberline",
            summary: "Test.",
            subcommands: [Command("run", summary: "Run.", arguments: schema.options)]
        )
    )

    static func resolve(
        _ yaml: String? = nil,
        environment: [String: String] = ["TIMBERLINE_KAFKA_BROKERS": "localhost:9092"],
        arguments: [String]? = nil,
        readFile: @escaping @Sendable (String) throws(FileReadError) -> [UInt8] = Schema.readSecretFile
    ) throws -> EffectiveConfiguration {
        var invocation: Invocation?
        if let arguments, case .run(let parsed) = try program.parse(["run"] + arguments) {
            invocation = parsed
        }
        return try schema.resolve(
            file: yaml.map { ConfigurationFile(name: "t.yaml", text: $0) },
            environment: environment,
            invocation: invocation,
            readFile: readFile
        )
    }

    /// The errors of a file, each as one line.
    static func errors(_ yaml: String, environment: [String: String] = ["TIMBERLINE_KAFKA_BROKERS": "b"])
        -> [String]
    {
        do {
            _ = try resolve(yaml, environment: environment)
            return []
        } catch let failure as ConfigurationFailure {
            return failure.errors.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }
}
