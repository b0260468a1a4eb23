import Configuration
import KafkaClient
import KafkaConnector
import Operations
import Telemetry

/// What every command that consumes as a group has: its log, its operations port, its signals, and a
/// configuration that may be read again. Used on the thread that consumes.
final class KafkaService {
    let host: Host
    let logger: Logger
    let operations: RunOperations
    private let signals: SignalWatch
    private let endsWhenRead: Bool
    private var reload: RunReload

    /// Serves the operations port.
    ///
    /// - Parameters:
    ///   - changeable: the settings that may change in a run.
    ///   - load: reads the configuration again, and checks it.
    init(
        _ configuration: EffectiveConfiguration,
        changeable: Set<String>,
        endsWhenRead: Bool,
        host: Host,
        load: @escaping () throws -> EffectiveConfiguration
    ) throws {
        self.host = host
        self.endsWhenRead = endsWhenRead
        logger = RunSchema.logger(configuration)
        reload = RunReload(configuration, changeable: changeable, load: load)
        // From here on SIGHUP does not end the process.
        ReloadSignal.install()
        operations = try RunOperations(configuration, logger)
        signals = SignalWatch(drainLimit: configuration[RunSchema.drainTimeout], logger: logger)
    }

    /// Connects to Kafka, and lets signals end the waits of the source from here on.
    func connect(_ configuration: EffectiveConfiguration, group: String) throws -> KafkaRecordSource {
        let source = try KafkaRecordSource(
            RunSchema.consumerConfiguration(configuration, group: group, now: host.now()),
            subscription: RunSchema.subscription(configuration),
            settings: RunSchema.sourceSettings(configuration, endsWhenRead: endsWhenRead),
            logger: logger,
            connectTimeout: configuration[RunSchema.connectTimeout]
        )
        let waker = source.waker
        signals.setWake { waker.wake() }
        operations.connected()
        return source
    }

    /// Whether the host asks for an end; the probes then say so.
    func shouldStop() -> Bool {
        guard host.shouldStop() else { return false }
        operations.draining()
        return true
    }

    /// Acts on SIGHUP, if it came: puts in force what all commands have, then by `apply` what this one has.
    func reloadIfAsked(_ source: KafkaRecordSource, apply: (EffectiveConfiguration) -> Void) {
        reload.runIfAsked(logger, operations) { configuration in
            logger.setLevel(configuration[RunSchema.logLevel])
            source.settings = RunSchema.sourceSettings(configuration, endsWhenRead: endsWhenRead)
            operations.health.setProgressLimit(configuration[RunSchema.livenessLimit])
            signals.setDrainLimit(configuration[RunSchema.drainTimeout])
            apply(configuration)
        }
    }
}
