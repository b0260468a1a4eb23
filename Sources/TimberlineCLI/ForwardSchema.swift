import ActionConfiguration
import CommandLineArguments
import Configuration
import DetectionPipeline
import HTTPConnector
import KafkaClient
import KafkaConnector
import TypedValues

/// The settings of `timberline forward`; those of Kafka are the same as of `run`.
enum ForwardSchema {
    /// Another group than that of `run`, which would share the partitions with it.
    static let group = Setting<String>(
        "kafka.group",
        ValueType.string,
        default: "timberline-forward",
        flag: "group",
        help: "Consumer group."
    )
    static let destination = Setting<ForwardDestination>.required(
        "forward.to",
        ValueType.forwardDestination,
        flag: "to",
        help:
            "Where records go: a topic, an HTTP endpoint, a Lambda function, a Kinesis stream, or an S3 bucket."
    )
    static let brokers = Setting<[String]>(
        "forward.brokers",
        .list(of: .string.named("HOST:PORT")),
        default: [],
        flag: "to-brokers",
        help: "Brokers of the target topic, where they are others than those read from."
    )
    static let properties = Setting<[Property]>(
        "forward.properties",
        ValueShape.properties,
        default: [],
        flag: "to-property",
        help: "librdkafka's properties for --to-brokers, in place of those of --kafka-property."
    )
    static let login = Setting<KafkaLogin?>(
        "forward.login",
        ValueType.choice,
        flag: "to-login",
        help: "How to log in to --to-brokers, in place of --kafka-login."
    )
    static let partitioning = Setting<TargetPartitioning>(
        "forward.partition-by",
        ValueType.choice,
        default: .source,
        flag: "partition-by",
        help: "Partition in the target topic: that of the source, or by the key."
    )
    static let form = Setting<HTTPBatchForm>(
        "forward.http-form",
        ValueType.choice,
        default: .lines,
        flag: "http-form",
        help: "Body of a request: JSON lines, or one JSON array."
    )
    static let headers = Setting<[Property]>(
        "forward.http-headers",
        ValueShape.properties,
        default: [],
        flag: "http-header",
        help: "Header of every request, such as Authorization."
    )
    static let authorities = Setting<String?>(
        "forward.ca-file",
        ValueType.file,
        flag: "ca-file",
        help: "Authorities (PEM) of an HTTPS endpoint, in place of the system's."
    )
    static let timeout = Setting<Duration?>(
        "forward.timeout",
        ValueType.duration(in: .milliseconds(10) ... .seconds(930)),
        flag: "timeout",
        help: "How long a call may take: 30s if not given, 60s for a function."
    )
    static let concurrency = Setting<Int>(
        "forward.concurrency",
        ValueType.integer(in: 1...200),
        default: 50,
        flag: "concurrency",
        help: "Calls under way at once at most, one for each partition."
    )
    static let batchRecords = Setting<Int?>(
        "forward.batch-records",
        ValueType.integer(in: 1...1_000_000),
        flag: "send-records",
        help: "Records of one call at most: 500 if not given, 100000 for an object of S3."
    )
    static let batchBytes = Setting<ByteSize?>(
        "forward.batch-bytes",
        ValueType.byteSize(in: ByteSize(bytes: 1)...),
        flag: "send-bytes",
        help:
            "Bytes of keys, values and headers of one call at most, or of a function's event: 1 MiB if not given, 16 MiB "
            + "for an object of S3, what it takes for a function. A larger record goes alone."
    )
    static let window = Setting<Duration?>(
        "forward.window",
        ValueType.duration(in: .zero ... .seconds(3600)),
        flag: "send-window",
        help:
            "How long a record may wait for others to go with it: not at all if not given, 1m for an object of S3."
    )
    static let queueBytes = Setting<ByteSize>(
        "forward.queue-bytes",
        ValueType.byteSize(in: ByteSize(bytes: 1)...),
        default: .mebibytes(32),
        help: "Bytes of records that wait at most; beyond, reading pauses."
    )

    static let schema = Schema(
        [
            SettingGroup(
                "Kafka",
                [
                    RunSchema.brokers, RunSchema.topics, RunSchema.topicPattern, group, RunSchema.start,
                    RunSchema.batchSize, RunSchema.batchWindow, RunSchema.queueBytes,
                    RunSchema.properties, RunSchema.login,
                    RunSchema.connectTimeout,
                ]
            ),
            SettingGroup(
                "Target",
                [
                    destination, brokers, properties, login, partitioning, form, headers, authorities,
                    timeout, concurrency, batchRecords, batchBytes, window, queueBytes,
                    ScorerSchema.region, eventSourceARN, functionFailures, partitionKey, kinesisOrder,
                    recordForm,
                    compression,
                ]
            ),
            SettingGroup(
                "Output",
                [
                    RunSchema.deadLetterTopic, DeadLetterSchema.queue, DeadLetterSchema.bucket,
                    RunSchema.deadLetterFile, RunSchema.logLevel,
                    RunSchema.logFormat,
                ]
            ),
            SettingGroup(
                "Operations",
                [
                    RunSchema.operations, RunSchema.livenessLimit, RunSchema.drainTimeout,
                    RunSchema.deadLetterRetentionAge, RunSchema.deadLetterRetentionSize,
                ]
            ),
        ],
        otherEnvironmentNames: ["TIMBERLINE_CONFIG"]
    )

    /// The settings that SIGHUP changes in a run; others need a restart.
    static let changeable: Set<String> = [
        RunSchema.batchSize.declaration.key, RunSchema.batchWindow.declaration.key,
        RunSchema.logLevel.declaration.key, RunSchema.livenessLimit.declaration.key,
        RunSchema.drainTimeout.declaration.key, RunSchema.deadLetterRetentionAge.declaration.key,
        RunSchema.deadLetterRetentionSize.declaration.key, concurrency.declaration.key,
        queueBytes.declaration.key,
    ]

    static func forwardSettings(_ configuration: EffectiveConfiguration) -> ForwardSettings {
        var settings = ForwardSettings()
        settings.concurrency = configuration[concurrency]
        settings.queueLimit = configuration[queueBytes].bytes
        settings.drainTime = RunSchema.sinkDrainTime(configuration)
        return settings
    }

    /// What no single setting can tell of itself.
    static func check(_ configuration: EffectiveConfiguration) throws {
        try RunSchema.checkSource(configuration)
        do throws(KafkaError) {
            try targetProperties(configuration).validate()
        } catch {
            throw CommandFailure(.invalidConfiguration, "forward.properties: \(error)")
        }
        guard case .topic(let name) = configuration[destination], configuration[brokers].isEmpty else {
            return
        }
        // A loop that never ends.
        if configuration[RunSchema.topics].contains(name) {
            throw CommandFailure(
                .invalidConfiguration,
                "forward.to: '\(name)' is also among the topics that are read"
            )
        }
    }

    static func targetProperties(_ configuration: EffectiveConfiguration) -> KafkaProperties {
        let addresses = configuration[brokers]
        guard !addresses.isEmpty else { return RunSchema.kafkaProperties(configuration) }
        var values = ["bootstrap.servers": addresses.joined(separator: ",")]
        for property in configuration[properties] { values[property.key] = property.value }
        let given = KafkaProperties(values)
        return configuration[login]?.applied(to: given) ?? given
    }
}
