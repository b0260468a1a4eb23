import ActionConfiguration
import Configuration
import DetectionConfiguration
import DetectionPipeline
import HTTPServer
import KafkaClient
import KafkaConnector
import Retries
import Telemetry
import TypedValues

/// The settings of `timberline run`.
enum RunSchema {
    static let brokers = Setting<[String]>.required(
        "kafka.brokers",
        .list(of: .string.named("HOST:PORT"), minimum: 1),
        flag: "brokers",
        help: "Kafka brokers to start from."
    )
    static let topics = Setting(
        "kafka.topics",
        ValueShape<[String]>.list(of: .string.named("TOPIC")),
        default: [],
        flag: "topic",
        help: "Topics to read."
    )
    static let topicPattern = Setting<String?>(
        "kafka.topic-pattern",
        ValueType.string.named("REGEX"),
        flag: "topic-pattern",
        help: "Read every topic whose whole name matches, also later ones."
    )
    static let group = Setting<String>(
        "kafka.group",
        ValueType.string,
        default: "timberline",
        flag: "group",
        help: "Consumer group."
    )
    static let start = Setting<StartingPosition>(
        "kafka.start",
        ValueType.startingPosition,
        default: .latest,
        flag: "start",
        help: "Where a group without committed offsets starts: latest, earliest, or a time."
    )
    static let batchSize = Setting<Int>(
        "kafka.batch-size",
        ValueType.integer(in: 1...100_000),
        default: 10_000,
        flag: "batch-size",
        help: "Records in a batch at most; a backlog is read the faster the more there are."
    )
    static let batchWindow = Setting<Duration>(
        "kafka.batch-window",
        ValueType.duration(in: .milliseconds(1) ... .seconds(300)),
        default: .milliseconds(500),
        flag: "batch-window",
        help: "How long a batch may take to fill."
    )
    static let queueBytes = Setting<ByteSize>(
        "kafka.queue-bytes",
        ValueType.byteSize(in: .kibibytes(64)...(.gibibytes(1))),
        default: .mebibytes(32),
        flag: "queue-bytes",
        help: "Bytes of records fetched ahead; another such part may be on its way from each broker."
    )
    static let properties = Setting<[Property]>(
        "kafka.properties",
        ValueShape.properties,
        default: [],
        flag: "kafka-property",
        help: "Any property of librdkafka, such as security.protocol."
    )
    static let login = Setting<KafkaLogin?>(
        "kafka.login",
        ValueType.choice,
        flag: "kafka-login",
        help: "How to log in, where properties alone cannot: aws-msk-iam for Amazon MSK with IAM."
    )
    static let connectTimeout = Setting<Duration>(
        "kafka.connect-timeout",
        ValueType.duration(in: .milliseconds(100) ... .seconds(3_600)),
        default: .seconds(30),
        help: "How long to wait for a first answer of a broker."
    )
    static let store = Setting<String>(
        "store.path",
        ValueType.file,
        default: "timberline.db",
        flag: "store",
        help: "SQLite file that anomalies are stored in."
    )
    static let deadLetterTopic = Setting<String?>(
        "dead-letters.topic",
        ValueType.string.named("TOPIC"),
        flag: "dead-letter-topic",
        help: "Topic for records that cannot be parsed."
    )
    static let deadLetterFile = Setting<String>(
        "dead-letters.file",
        ValueType.file,
        default: "timberline.dead-letters.jsonl",
        flag: "dead-letter-file",
        help: "File for records that cannot be parsed, where no topic is set."
    )
    static let anomalyTopic = Setting<String?>(
        "anomalies.topic",
        ValueType.string.named("TOPIC"),
        flag: "anomaly-topic",
        help: "Topic that anomalies go to as JSON, besides the store."
    )
    static let anomalyKey = Setting<AnomalyKey>(
        "anomalies.key",
        ValueType.choice,
        default: .identity,
        help: "Key of a record in that topic: the anomaly's identity, or its entity."
    )
    static let exactlyOnce = Setting<Bool>(
        "anomalies.exactly-once",
        ValueShape.flag,
        default: false,
        flag: "exactly-once",
        help: "Write to the anomaly topic and commit the offsets in one transaction."
    )
    static let checkpointPlace = Setting<CheckpointPlace>(
        "checkpoints.in",
        ValueType.checkpointPlace,
        default: .store,
        flag: "checkpoints",
        help:
            "Where the models are saved: in the store's file, in a directory, or, for several instances, in a topic."
    )
    static let checkpointInterval = Setting<Duration>(
        "checkpoints.interval",
        ValueType.duration(in: .seconds(1) ... .seconds(86_400)),
        default: .seconds(30),
        flag: "checkpoint-interval",
        help: "Time after which the models are saved."
    )
    static let checkpointRecords = Setting<Int>(
        "checkpoints.records",
        ValueType.integer(in: 1...1_000_000_000),
        default: 200_000,
        help: "Records after which the models are saved, if that is sooner."
    )
    static let checkpointRetentionAge = Setting<Duration>(
        "checkpoints.retention.age",
        ValueType.duration(in: .seconds(3_600)...),
        default: .seconds(90 * 86_400),
        help: "Remove the models of partitions that nobody has had for so long."
    )
    static let checkpointRetentionSize = Setting<ByteSize?>(
        "checkpoints.retention.size",
        ValueType.byteSize(in: .kibibytes(64)...),
        help: "Remove the models of partitions that nobody has while all models are larger."
    )
    static let storeRetentionAge = Setting<Duration?>(
        "store.retention.age",
        ValueType.duration(in: .seconds(1)...),
        help: "Remove anomalies whose time is longer ago; kept for ever if not given."
    )
    static let storeRetentionSize = Setting<ByteSize>(
        "store.retention.size",
        ValueType.byteSize(in: .kibibytes(64)...),
        default: .gibibytes(4),
        help: "Remove the anomalies that were stored first while the store is larger."
    )
    static let deadLetterRetentionAge = Setting<Duration?>(
        "dead-letters.retention.age",
        ValueType.duration(in: .seconds(1)...),
        help: "Remove dead-letter files without a newer record; kept for ever if not given."
    )
    static let deadLetterRetentionSize = Setting<ByteSize>(
        "dead-letters.retention.size",
        ValueType.byteSize(in: .kibibytes(64)...),
        default: .gibibytes(1),
        help: "Remove the oldest dead-letter files while all together are larger."
    )
    static let logLevel = Setting<LogLevel>(
        "log.level",
        ValueType.choice,
        default: .info,
        flag: "log-level",
        help: "Least severe log line that is written."
    )
    static let logFormat = Setting<Telemetry.LogFormat>(
        "log.format",
        ValueType.choice,
        default: .logfmt,
        flag: "log-format",
        help: "Form of the log lines on standard error."
    )
    static let operations = Setting<ListenAddress?>(
        "operations.listen",
        ValueShape<ListenAddress?>.single(.listenAddressOrOff),
        default: nil,
        flag: "operations",
        help: "Where to serve /metrics, /livez and /readyz: HOST:PORT, port 0 for any that is free, or off."
    )
    static let livenessLimit = Setting<Duration>(
        "operations.liveness-limit",
        ValueType.duration(in: .seconds(1)...),
        default: .seconds(300),
        help: "How long one turn of the main loop may take until /livez fails."
    )
    static let drainTimeout = Setting<Duration>(
        "operations.drain-timeout",
        ValueType.duration(in: .milliseconds(100)...),
        default: .seconds(25),
        flag: "drain-timeout",
        help: "How long SIGTERM and SIGINT wait for the batch in hand; then the run ends with code 1."
    )

    static let schema = Schema(
        [
            SettingGroup(
                "Kafka",
                [
                    brokers, topics, topicPattern, group, start, batchSize, batchWindow, queueBytes,
                    properties, login, connectTimeout,
                ]
            ),
            DetectionSchema.group,
            ScorerSchema.group,
            ActionSchema.group,
            SettingGroup("Anomalies", [anomalyTopic, anomalyKey, exactlyOnce]),
            SettingGroup("Checkpoints", [checkpointPlace, checkpointInterval, checkpointRecords]),
            SettingGroup(
                "Output",
                [
                    store, deadLetterTopic, DeadLetterSchema.queue, DeadLetterSchema.bucket, deadLetterFile,
                    DetectionSchema.keepsLine, logLevel, logFormat,
                ]
            ),
            SettingGroup(
                "Operations",
                [
                    operations, livenessLimit, drainTimeout, storeRetentionAge, storeRetentionSize,
                    deadLetterRetentionAge, deadLetterRetentionSize, checkpointRetentionAge,
                    checkpointRetentionSize,
                ]
            ),
        ],
        otherEnvironmentNames: ["TIMBERLINE_CONFIG"]
    )

    /// The settings that SIGHUP changes in a run; others need a restart.
    static let changeable: Set<String> = [
        batchSize.declaration.key, batchWindow.declaration.key, DetectionSchema.threshold.declaration.key,
        logLevel.declaration.key, livenessLimit.declaration.key, drainTimeout.declaration.key,
        storeRetentionAge.declaration.key, storeRetentionSize.declaration.key,
        deadLetterRetentionAge.declaration.key, deadLetterRetentionSize.declaration.key,
        checkpointRetentionAge.declaration.key, checkpointRetentionSize.declaration.key,
    ]

    static func retention(_ configuration: EffectiveConfiguration) -> RunRetention.Policies {
        RunRetention.Policies(
            anomalies: RetentionPolicy(
                maximumAge: configuration[storeRetentionAge],
                maximumBytes: configuration[storeRetentionSize].bytes
            ),
            deadLetters: deadLetterRetention(configuration),
            checkpoints: RetentionPolicy(
                maximumAge: configuration[checkpointRetentionAge],
                maximumBytes: configuration[checkpointRetentionSize]?.bytes
            )
        )
    }

    static func deadLetterRetention(_ configuration: EffectiveConfiguration) -> RetentionPolicy {
        RetentionPolicy(
            maximumAge: configuration[deadLetterRetentionAge],
            maximumBytes: configuration[deadLetterRetentionSize].bytes
        )
    }

    static func logger(_ configuration: EffectiveConfiguration) -> Logger {
        Logger(level: configuration[logLevel], format: configuration[logFormat])
    }

    /// A service tries for ever, and saves what its models learnt.
    static func pipelineSettings(_ configuration: EffectiveConfiguration, now: Int64) -> PipelineSettings {
        var settings = DetectionSchema.pipelineSettings(
            configuration,
            referenceYear: InstantText.year(milliseconds: now)
        )
        settings.releasesWhenIdle = true
        settings.retries = .patient
        settings.checkpoints.interval = configuration[checkpointInterval]
        settings.checkpoints.recordCount = configuration[checkpointRecords]
        settings.drainTime = sinkDrainTime(configuration)
        return settings
    }

    /// What a drain leaves to sinks that are down: a fifth is for the commit and for leaving the group.
    static func sinkDrainTime(_ configuration: EffectiveConfiguration) -> Duration {
        configuration[drainTimeout] * 4 / 5
    }

    static func sourceSettings(
        _ configuration: EffectiveConfiguration,
        endsWhenRead: Bool
    ) -> KafkaRecordSource.Settings {
        var settings = KafkaRecordSource.Settings()
        settings.batchSize = configuration[batchSize]
        settings.batchWindow = configuration[batchWindow]
        settings.endsWhenRead = endsWhenRead
        return settings
    }

    /// What no single setting can tell of itself.
    static func check(_ configuration: EffectiveConfiguration) throws {
        try checkSource(configuration)
        if let problem = ScorerSchema.problemWithWarmUp(configuration) {
            throw CommandFailure(.invalidConfiguration, problem)
        }
        if configuration[exactlyOnce], configuration[anomalyTopic] == nil {
            throw CommandFailure(
                .invalidConfiguration,
                "anomalies.exactly-once is for a topic: give --anomaly-topic (anomalies.topic) too"
            )
        }
    }

    /// Of the settings that every consumer has.
    static func checkSource(_ configuration: EffectiveConfiguration) throws {
        let hasTopics = !configuration[topics].isEmpty
        guard hasTopics != (configuration[topicPattern] != nil) else {
            let problem =
                hasTopics ? "kafka.topics and kafka.topic-pattern exclude each other" : "no topic is given"
            throw CommandFailure(
                .invalidConfiguration,
                "\(problem); give either --topic (kafka.topics) or --topic-pattern (kafka.topic-pattern)"
            )
        }
        do throws(KafkaError) {
            try kafkaProperties(configuration).validate()
        } catch {
            throw CommandFailure(.invalidConfiguration, "kafka.properties: \(error)")
        }
    }

    static func kafkaProperties(_ configuration: EffectiveConfiguration) -> KafkaProperties {
        var values = ["bootstrap.servers": configuration[brokers].joined(separator: ",")]
        for property in configuration[properties] { values[property.key] = property.value }
        let given = KafkaProperties(values)
        return configuration[login]?.applied(to: given) ?? given
    }

    static func subscription(_ configuration: EffectiveConfiguration) -> KafkaSubscription {
        configuration[topicPattern].map { .pattern($0) } ?? .topics(configuration[topics])
    }

    static func consumerConfiguration(
        _ configuration: EffectiveConfiguration,
        group: String,
        now: Int64
    ) -> KafkaConsumerConfiguration {
        var consumer = KafkaConsumerConfiguration(
            properties: kafkaProperties(configuration).withDefaults(queueLimits(configuration)),
            group: group,
            startingPosition: configuration[start].kafka(now: now)
        )
        consumer.maximumBatchBytes = batchBytes
        return consumer
    }

    /// The most that one batch copies, in bytes of keys and values.
    static let batchBytes = 8 << 20

    /// Records fetched ahead at most, beside those on their way.
    static func queuedRecords(_ configuration: EffectiveConfiguration) -> Int {
        min(configuration[queueBytes].bytes >> 9, 100_000)
    }

    /// librdkafka's bounds for what it fetches ahead of the run.
    static func queueLimits(
        _ configuration: EffectiveConfiguration,
        version: KafkaLibraryVersion = KafkaLibrary.version
    ) -> [String: String] {
        let bytes = configuration[queueBytes].bytes
        var limits = [
            "queued.max.messages.kbytes": "\(bytes >> 10)",
            // Small records take more for their bookkeeping than for themselves.
            "queued.min.messages": "\(queuedRecords(configuration))",
        ]
        // librdkafka wants room for the largest record, and by itself asks for 50 MiB at once.
        if kafkaProperties(configuration)["message.max.bytes"] == nil, bytes < 50 << 20 {
            limits["fetch.max.bytes"] = "\(max(bytes, 1 << 20))"
        }
        // A run empties the queue several times in the second that librdkafka waits by itself before it fills it again.
        if version >= KafkaLibrary.fetchQueueBackoff { limits["fetch.queue.backoff.ms"] = "50" }
        return limits
    }
}
