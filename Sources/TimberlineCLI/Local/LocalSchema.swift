import Configuration
import KafkaClient
import Telemetry
import TypedValues

/// The settings of `timberline local`.
enum LocalSchema {
    static let host = Setting<String>(
        "local.host",
        ValueType.string.named("ADDRESS"),
        default: "127.0.0.1",
        flag: "host",
        help: "Where to listen. Who reaches it runs programs here: leave loopback only with keys."
    )
    static let port = Setting<Int>(
        "local.port",
        ValueType.integer(in: 0...65_535),
        default: 9_001,
        flag: "port",
        help: "Port of all services; 0 for any that is free."
    )
    static let data = Setting<String>(
        "local.data",
        ValueType.directory,
        default: "timberline-local",
        flag: "data",
        help: "Directory of functions, mappings, waiting events and logs."
    )
    static let region = Setting<String>(
        "local.region",
        ValueType.string,
        default: "us-east-1",
        flag: "region",
        help: "Region in the functions' ARNs and environment."
    )
    static let account = Setting<String>(
        "local.account",
        ValueType.string.named("NUMBER"),
        default: "123456789012",
        flag: "account",
        help: "Account in the functions' ARNs: twelve digits."
    )
    static let python = Setting<String?>(
        "local.python",
        ValueType.file,
        flag: "python",
        help: "Interpreter of python3.* functions, with the package awslambdaric."
    )
    static let concurrency = Setting<Int>(
        "local.concurrency",
        ValueType.integer(in: 1...10_000),
        default: 1_000,
        flag: "concurrency",
        help: "Invocations of all functions at once at most, as an account has it."
    )
    static let secrets = Setting<String?>(
        "local.secrets",
        ValueType.file,
        flag: "secrets",
        help: "JSON file of the secrets that mappings log in to Kafka with, by ARN or name."
    )
    static let clusters = Setting<[Property]>(
        "clusters",
        ValueShape.properties,
        default: [],
        flag: "cluster",
        help: "Brokers of an MSK cluster by its name: demo=127.0.0.1:9092."
    )
    static let services = Setting<[Property]>(
        "services",
        ValueShape.properties,
        default: [],
        flag: "service",
        help: "Address that another service's requests are passed on to: dynamodb=http://127.0.0.1:5000."
    )
    static let models = Setting<[Property]>(
        "models",
        ValueShape.properties,
        default: [],
        flag: "model",
        help: "Model file behind SageMaker's endpoint of this name: rcf-anomaly-endpoint=model.timberline."
    )
    static let keys = Setting<[Property]>(
        "keys",
        ValueShape.properties,
        default: [],
        isSecret: true,
        help: "Secret access keys by access key ID; with one or more, every request must be signed with one."
    )

    static let schema = Schema(
        [
            SettingGroup("Local", [host, port, data, region, account, python, concurrency, secrets]),
            SettingGroup("Services", [clusters, RunSchema.properties, services, models, keys]),
            SettingGroup("Output", [RunSchema.logLevel, RunSchema.logFormat]),
            SettingGroup("Operations", [RunSchema.drainTimeout]),
        ],
        otherEnvironmentNames: ["TIMBERLINE_CONFIG"]
    )

    /// What no single setting can tell of itself.
    static func check(_ configuration: EffectiveConfiguration) throws {
        let account = configuration[account]
        guard account.utf8.count == 12, account.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw CommandFailure(.invalidConfiguration, "local.account: '\(account)' is not twelve digits")
        }
        _ = try LocalServices(configuration)
        do throws(KafkaError) {
            try KafkaProperties(LocalServices.kafkaProperties(configuration)).validate()
        } catch {
            throw CommandFailure(.invalidConfiguration, "kafka.properties: \(error)")
        }
    }
}
