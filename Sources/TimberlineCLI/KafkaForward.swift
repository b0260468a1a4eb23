import Configuration
import DetectionPipeline
import KafkaClient
import KafkaConnector
import Operations
import Telemetry
import TypedValues

/// One run of `forward`: its parts, what happens between two turns, and its end.
final class KafkaForward {
    private let host: Host
    private let logger: Logger
    private let operations: RunOperations
    private let target: any ForwardTarget
    private let deadLetters: any DeadLetterSink
    private let source: KafkaRecordSource
    private let settings: ForwardSettings
    private let signals: SignalWatch
    private let endsWhenRead: Bool
    /// Nil where dead letters go to a topic, whose retention is Kafka's.
    private let retention: RunRetention?
    private var reload: RunReload

    /// Serves the operations port, connects to the target and to Kafka.
    ///
    /// - Parameter reload: reads the configuration again, and checks it.
    init(
        _ configuration: EffectiveConfiguration,
        endsWhenRead: Bool,
        host: Host,
        reload: @escaping () throws -> EffectiveConfiguration
    ) throws {
        self.host = host
        self.endsWhenRead = endsWhenRead
        let logger = RunSchema.logger(configuration)
        self.logger = logger
        self.reload = RunReload(configuration, changeable: ForwardSchema.changeable, load: reload)
        // From here on SIGHUP does not end the process.
        ReloadSignal.install()
        operations = try RunOperations(configuration, logger)
        target = try configuration[ForwardSchema.destination].open(configuration, logger, host)
        let letters = try DeadLetterOutput(
            configuration,
            logger,
            RunActions.client(configuration, host, logger)
        )
        deadLetters = ObservedDeadLetters(
            letters.sink,
            metrics: operations.metrics,
            health: operations.health
        )
        retention = letters.file.map { [operations] file in
            RunRetention(
                .init(deadLetters: RunSchema.deadLetterRetention(configuration)),
                deadLetters: file,
                metrics: operations.metrics,
                logger: logger
            )
        }
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
        settings = ForwardSchema.forwardSettings(configuration)
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
        // Set before the first turn, which needs it.
        var betweenTurns: (ForwardProgress) -> Void = { _ in }
        let forwarder = Forwarder(
            source: ObservedSource(source, monitor: operations.monitor),
            target: target,
            deadLetters: deadLetters,
            settings: settings,
            logger: logger,
            wake: { waker.wake() },
            onProgress: { betweenTurns($0) }
        )
        betweenTurns = { [unowned self, unowned forwarder] progress in
            operations.monitor.update(progress)
            operations.look(at: source)
            if let retention {
                forwarder.withoutLetters { retention.run(at: .now, milliseconds: host.now()) }
            }
            reload.runIfAsked(logger, operations) { apply($0, to: forwarder) }
        }
        let result = try forwarder.run { [host, operations] in
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

    /// Puts every setting of `ForwardSchema.changeable` in force.
    private func apply(_ configuration: EffectiveConfiguration, to forwarder: Forwarder) {
        let settings = ForwardSchema.forwardSettings(configuration)
        forwarder.setConcurrency(settings.concurrency)
        forwarder.setQueueLimit(settings.queueLimit)
        forwarder.setDrainTime(settings.drainTime)
        logger.setLevel(configuration[RunSchema.logLevel])
        source.settings = RunSchema.sourceSettings(configuration, endsWhenRead: endsWhenRead)
        operations.health.setProgressLimit(configuration[RunSchema.livenessLimit])
        signals.setDrainLimit(configuration[RunSchema.drainTimeout])
        forwarder.withoutLetters {
            retention?.policies.deadLetters = RunSchema.deadLetterRetention(configuration)
        }
    }
}
