import Configuration
import DetectionPipeline
import KafkaClient
import KafkaConnector
import Operations
import Telemetry
import TypedValues

/// One run of `forward`: its parts, what happens between two turns, and its end.
final class KafkaForward {
    private let service: KafkaService
    private let target: any ForwardTarget
    private let deadLetters: SharedDeadLetters
    private let source: KafkaRecordSource
    private let settings: ForwardSettings
    /// Nil where dead letters go to a topic, whose retention is Kafka's.
    private let retention: RunRetention?

    /// Serves the operations port, connects to the target and to Kafka.
    ///
    /// - Parameter load: reads the configuration again, and checks it.
    init(
        _ configuration: EffectiveConfiguration,
        endsWhenRead: Bool,
        host: Host,
        load: @escaping () throws -> EffectiveConfiguration
    ) throws {
        service = try KafkaService(
            configuration,
            changeable: ForwardSchema.changeable,
            endsWhenRead: endsWhenRead,
            host: host,
            load: load
        )
        let (logger, operations) = (service.logger, service.operations)
        target = try configuration[ForwardSchema.destination].open(configuration, logger, host)
        let letters = try DeadLetterOutput(
            configuration,
            logger,
            RunActions.client(configuration, host, logger)
        )
        deadLetters = SharedDeadLetters(
            ObservedDeadLetters(letters.sink, metrics: operations.metrics, health: operations.health),
            targetName: target.name
        )
        retention = letters.file.map { file in
            RunRetention(
                .init(deadLetters: RunSchema.deadLetterRetention(configuration)),
                deadLetters: file,
                metrics: operations.metrics,
                logger: logger
            )
        }
        let group = configuration[ForwardSchema.group]
        source = try service.connect(configuration, group: group)
        settings = ForwardSchema.forwardSettings(configuration)
        logger.info(
            "forward_started",
            "forwarding",
            ["group": .string(group), "target": .string(target.name)]
        )
    }

    /// Forwards until the source ends or the host asks to stop.
    func run() throws {
        let (logger, operations) = (service.logger, service.operations)
        defer { operations.stop() }
        let waker = source.waker
        // Set before the first turn, which needs it.
        var betweenTurns: (ForwardProgress) -> Void = { _ in }
        let forwarder = Forwarder(
            source: ObservedSource(source, monitor: operations.monitor),
            target: target,
            undeliverable: deadLetters,
            settings: settings,
            logger: logger,
            wake: { waker.wake() },
            onProgress: { betweenTurns($0) }
        )
        betweenTurns = { [unowned self, unowned forwarder] progress in
            operations.monitor.update(progress)
            operations.look(at: source)
            if let retention {
                deadLetters.alone { retention.run(at: .now, milliseconds: service.host.now()) }
            }
            service.reloadIfAsked(source) { apply($0, to: forwarder) }
        }
        let result = try forwarder.run(until: service.shouldStop)
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

    /// Puts every setting of `ForwardSchema.changeable` in force that not all commands have.
    private func apply(_ configuration: EffectiveConfiguration, to forwarder: Forwarder) {
        let settings = ForwardSchema.forwardSettings(configuration)
        forwarder.setConcurrency(settings.concurrency)
        forwarder.setQueueLimit(settings.queueLimit)
        forwarder.setDrainTime(settings.drainTime)
        deadLetters.alone {
            retention?.policies.deadLetters = RunSchema.deadLetterRetention(configuration)
        }
    }
}
