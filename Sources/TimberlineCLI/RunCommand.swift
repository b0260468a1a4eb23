import AnomalyStore
import CommandLineArguments
import Configuration
import DetectionPipeline
import KafkaClient
import KafkaConnector
import Telemetry
import TypedValues

/// `timberline run`: the Kafka service.
enum RunCommand: CommandRunner {
    static let config = Option("config", short: "c", .file, help: "Configuration file (YAML).")
    static let output = Option(
        "output",
        short: "o",
        .choice,
        default: OutputFormat.text,
        help: "Form of the anomalies on standard output."
    )
    static let exitAtEnd = Option.flag(
        "exit-at-end",
        help: "End when every partition has been read to its end."
    )

    static let command = Command(
        "run",
        summary: "Consume Kafka topics, store and print the anomalies.",
        discussion: """
            Reads as a consumer group and commits offsets after the anomalies of a batch are stored. SIGINT and \
            SIGTERM finish the batch in hand, commit, leave the group and end with code 0.
            """,
        examples: [
            .init("timberline run --brokers localhost:9092 --topic app-logs", "consume a topic"),
            .init("timberline run --config timberline.yaml", "all settings from a file"),
        ],
        arguments: [config, output, exitAtEnd] + RunSchema.schema.options
    )

    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode {
        let configuration = try ConfigurationLoading.resolve(
            RunSchema.schema,
            path: invocation[config] ?? host.environment["TIMBERLINE_CONFIG"],
            invocation: invocation,
            host: host
        )
        try RunSchema.check(configuration)
        let logger = Logger(
            level: configuration[RunSchema.logLevel],
            format: configuration[RunSchema.logFormat]
        )
        var source = KafkaRecordSource.Settings()
        source.batchSize = configuration[RunSchema.batchSize]
        source.batchWindow = configuration[RunSchema.batchWindow]
        source.endsWhenRead = invocation[exitAtEnd]
        return try CommandFailure.sorting {
            try consume(configuration, source, invocation[output], logger, host)
        }
    }

    private static func consume(
        _ configuration: EffectiveConfiguration,
        _ sourceSettings: KafkaRecordSource.Settings,
        _ format: OutputFormat,
        _ logger: Logger,
        _ host: Host
    ) throws -> ExitCode {
        let store = try AnomalyStore(path: configuration[RunSchema.store])
        let deadLetters = try deadLetterSink(configuration, logger)
        let topics = configuration[RunSchema.topics]
        let source = try KafkaRecordSource(
            RunSchema.consumerConfiguration(configuration, now: host.now()),
            subscription: configuration[RunSchema.topicPattern].map { .pattern($0) } ?? .topics(topics),
            settings: sourceSettings,
            logger: logger,
            connectTimeout: configuration[RunSchema.connectTimeout]
        )
        var settings = DetectionSchema.pipelineSettings(configuration, now: host.now())
        settings.releasesWhenIdle = true
        settings.retries = RetryPolicy(maximumAttempts: nil, deadline: nil)
        settings.checkpoints.interval = configuration[RunSchema.checkpointInterval]
        settings.checkpoints.recordCount = configuration[RunSchema.checkpointRecords]
        let pipeline = Pipeline(
            source: source,
            sinks: [store, RecordPrinter(format: format, host: host)],
            deadLetters: deadLetters,
            settings: settings,
            history: configuration[DetectionSchema.warmUp].map { path in
                { try FileRecordSource(paths: [path], runIdentity: host.runIdentity) }
            },
            checkpoints: try configuration[RunSchema.checkpointPlace].open(configuration, logger: logger),
            logger: logger
        )
        logger.info("started", "consuming", ["group": .string(configuration[RunSchema.group])])
        let result = try pipeline.run(until: host.shouldStop)
        try source.close()
        logger.info(
            "stopped",
            "all that was read is stored and committed",
            [
                "read": .integer(Int64(result.counts.read)),
                "scored": .integer(Int64(result.counts.scored)),
                "anomalies": .integer(Int64(result.counts.anomalous)),
                "failed": .integer(Int64(result.counts.failed)),
            ]
        )
        return .success
    }

    private static func deadLetterSink(
        _ configuration: EffectiveConfiguration,
        _ logger: Logger
    ) throws -> any DeadLetterSink {
        guard let topic = configuration[RunSchema.deadLetterTopic] else {
            return try DeadLetterFile(path: configuration[RunSchema.deadLetterFile])
        }
        let producer = try KafkaProducer(RunSchema.kafkaProperties(configuration), logger: logger)
        return DeadLetterTopic(producer, topic: topic)
    }
}
