import ActionConfiguration
import AnomalyStore
import Configuration
import DetectionConfiguration
import DetectionPipeline
import KafkaConnector
import Operations
import Telemetry

/// One run of the Kafka service: its parts, what happens between two batches, and its end.
final class KafkaRun {
    private let service: KafkaService
    private let source: KafkaRecordSource
    private let retention: RunRetention
    private let history: (() throws -> any RecordSource)?
    private let scorer: (any RowScorer)?
    private let sinks: [any ScoredRecordSink]
    private let transaction: (any TransactionalSink)?
    private let deadLetters: any DeadLetterSink
    private let pipelineSettings: PipelineSettings
    private let checkpoints: CheckpointStore?

    /// Opens the store, serves the operations port and connects to Kafka.
    ///
    /// - Parameter load: reads the configuration again, and checks it.
    init(
        _ configuration: EffectiveConfiguration,
        output: OutputFormat,
        endsWhenRead: Bool,
        host: Host,
        load: @escaping () throws -> EffectiveConfiguration
    ) throws {
        service = try KafkaService(
            configuration,
            changeable: RunSchema.changeable,
            endsWhenRead: endsWhenRead,
            host: host,
            load: load
        )
        let logger = service.logger
        let (metrics, health) = (service.operations.metrics, service.operations.health)
        let store = try AnomalyStore(path: configuration[RunSchema.store])
        let client = RunActions.client(configuration, host, logger)
        let actions = try RunActions(configuration, client, logger)
        let letters = try DeadLetterOutput(configuration, logger, client)
        checkpoints = try configuration[RunSchema.checkpointPlace].open(configuration, logger: logger)
        retention = RunRetention(
            RunSchema.retention(configuration),
            store: store,
            deadLetters: letters.file,
            checkpoints: checkpoints,
            metrics: metrics,
            logger: logger
        )
        self.deadLetters = ObservedDeadLetters(letters.sink, metrics: metrics, health: health)
        var pipelineSettings = RunSchema.pipelineSettings(configuration, now: host.now())
        pipelineSettings.reportedScore = actions.reportedScore
        self.pipelineSettings = pipelineSettings
        scorer = actions.scorer.map { ObservedScorer($0, metrics: metrics, health: health) }
        history = configuration[DetectionSchema.warmUp].map { path in
            { try FileRecordSource(paths: [path], runIdentity: host.runIdentity) }
        }
        let source = try service.connect(configuration, group: configuration[RunSchema.group])
        self.source = source
        let anomalies = try AnomalyOutput(configuration, source: source, logger: logger)
        transaction = anomalies.transaction.map { SelectingTransaction($0, .anomalies) }
        let printer = RecordPrinter(format: output, host: host)
        var sinks = [Action("store", store, .anomalies), Action("output", printer, .anomalies)]
        if let sink = anomalies.sink { sinks.append(Action("anomaly_topic", sink, .anomalies)) }
        self.sinks = (sinks + actions.actions).map {
            ObservedSink($0.sink, name: $0.name, metrics: metrics, health: health)
        }
        logger.info("started", "consuming", ["group": .string(configuration[RunSchema.group])])
    }

    /// Consumes until the source ends or the host asks to stop.
    func run() throws {
        let (logger, operations) = (service.logger, service.operations)
        defer { operations.stop() }
        // Set before the first turn, which needs it.
        var betweenBatches: (PipelineProgress) -> Void = { _ in }
        let pipeline = Pipeline(
            source: ObservedSource(source, monitor: operations.monitor),
            scorer: scorer,
            sinks: sinks,
            transaction: transaction.map { ObservedTransaction($0, monitor: operations.monitor) },
            deadLetters: deadLetters,
            settings: pipelineSettings,
            history: history,
            checkpoints: checkpoints,
            logger: logger,
            onProgress: { betweenBatches($0) }
        )
        betweenBatches = { [unowned self, unowned pipeline] progress in
            operations.monitor.update(progress)
            operations.look(at: source)
            retention.run(at: .now, milliseconds: service.host.now())
            service.reloadIfAsked(source) { apply($0, to: pipeline) }
        }
        let result = try pipeline.run(until: service.shouldStop)
        try source.close()
        if let stall = result.stall {
            throw CommandFailure(.failure, "not all could be stored before the drain's end: \(stall.reason)")
        }
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
    }

    /// Puts every setting of `RunSchema.changeable` in force that not all commands have.
    private func apply(_ configuration: EffectiveConfiguration, to pipeline: Pipeline) {
        pipeline.setThreshold(configuration[DetectionSchema.threshold])
        pipeline.setDrainTime(RunSchema.sinkDrainTime(configuration))
        retention.policies = RunSchema.retention(configuration)
    }
}
