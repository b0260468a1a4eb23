import Configuration
import DetectionPipeline
import KafkaClient
import KafkaConnector
import Operations
import Telemetry
import TypedValues

/// One run of `forward`: its parts and its end.
final class KafkaForward {
    private let host: Host
    private let logger: Logger
    private let operations: RunOperations
    private let target: any ForwardTarget
    private let deadLetters: any DeadLetterSink
    private let source: KafkaRecordSource
    private let settings: ForwardSettings
    private let signals: SignalWatch

    /// Serves the operations port, connects to the target and to Kafka.
    init(_ configuration: EffectiveConfiguration, endsWhenRead: Bool, host: Host) throws {
        self.host = host
        let logger = Logger(
            level: configuration[RunSchema.logLevel],
            format: configuration[RunSchema.logFormat]
        )
        self.logger = logger
        operations = try RunOperations(configuration, logger)
        target = try configuration[ForwardSchema.destination].open(configuration, logger, host)
        deadLetters = ObservedDeadLetters(
            try Self.deadLetterSink(configuration, logger),
            metrics: operations.metrics,
            health: operations.health
        )
        signals = SignalWatch(drainLimit: configuration[RunSchema.drainTimeout], logger: logger)
        let group = configuration[ForwardSchema.group]
        source = try KafkaRecordSource(
            RunSchema.consumerConfiguration(configuration, group: group, now: host.now()),
            subscription: RunSchema.subscription(configuration),
            settings: RunSchema.sourceSettings(configuration, endsWhenRead: endsWhenRead),
            logger: logger,
            connectTimeout: configuration[RunSchema.connectTimeout]
        )
        let waker = source.waker
        signals.setWake { waker.wake() }
        var settings = ForwardSettings()
        settings.concurrency = configuration[ForwardSchema.concurrency]
        settings.queueLimit = configuration[ForwardSchema.queueBytes].bytes
        settings.drainTime = RunSchema.sinkDrainTime(configuration)
        self.settings = settings
        operations.connected()
        logger.info(
            "forward_started",
            "forwarding",
            ["group": .string(group), "target": .string(target.name)]
        )
    }

    /// Forwards until the source ends or the host asks to stop.
    func run() throws {
        defer { operations.stop() }
        let waker = source.waker
        let forwarder = Forwarder(
            source: ObservedSource(source, monitor: operations.monitor),
            target: target,
            deadLetters: deadLetters,
            settings: settings,
            logger: logger,
            wake: { waker.wake() },
            onProgress: { [operations, source] progress in
                operations.monitor.update(progress)
                operations.look(at: source)
            }
        )
        let result = try forwarder.run {
            guard host.shouldStop() else { return false }
            operations.draining()
            return true
        }
        try source.close()
        logger.info(
            "forward_stopped",
            "all that the target has acknowledged is committed",
            [
                "forwarded": .integer(Int64(result.forwarded)),
                "dead_letters": .integer(Int64(result.deadLetters)),
                "retries": .integer(Int64(result.retries)),
            ]
        )
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
