import Configuration
import HTTPServer
import KafkaClient
import KafkaConnector
import Operations
import Telemetry

/// Metrics, health and the operations port of one run. Used on the pipeline's thread.
final class RunOperations {
    let monitor: PipelineMonitor
    private let server: HTTPServer?
    private var lastLook: ContinuousClock.Instant?
    private var kafkaErrors: [String: Int] = [:]

    /// How often lag and connection are looked at.
    static let lookInterval: Duration = .seconds(1)

    var metrics: ServiceMetrics { monitor.metrics }
    var health: ServiceHealth { monitor.health }

    /// Serves from here on; not ready until the source says so.
    init(_ configuration: EffectiveConfiguration, _ logger: Logger) throws {
        let metrics = ServiceMetrics(
            versions: ["version": TimberlineProgram.version, "librdkafka": KafkaLibrary.versionText]
        )
        let health = ServiceHealth(progressLimit: configuration[RunSchema.livenessLimit])
        health.raise(.starting, "connecting, and learning the history if there is one")
        monitor = PipelineMonitor(metrics: metrics, health: health)
        guard let address = configuration[RunSchema.operations] else {
            server = nil
            return
        }
        var settings = HTTPServer.Settings()
        settings.address = address
        settings.connectionLimit = 64
        // Nobody has anything to send here.
        settings.bodyLimit = 0
        let routes = HTTPRoutes.operations(metrics: metrics.registry, health: health)
        let server = try HTTPServer(settings) { routes.answer($0) }
        self.server = server
        logger.info(
            "operations_listening",
            "metrics and probes are served",
            ["address": .string(server.address.description)]
        )
    }

    /// The broker has answered and the group is being joined.
    func connected() {
        health.clear(.starting)
        health.raise(.noPartitions, "the group has not yet assigned partitions")
    }

    /// Takes over what the source knows, at most once a second.
    func look(at source: KafkaRecordSource, now: ContinuousClock.Instant = .now) {
        if let lastLook, lastLook.duration(to: now) < Self.lookInterval { return }
        lastLook = now
        let status = source.status
        if status.hasBeenAssigned { health.clear(.noPartitions) }
        if status.isBrokerReachable {
            health.clear(.brokerUnreachable)
        } else {
            health.raise(.brokerUnreachable, "no broker answers; it is tried again and again")
        }
        metrics.setLag(
            status.lag.map { .init(topic: $0.key.topic, partition: $0.key.partition, records: $0.value) }
        )
        for (code, count) in status.errors {
            metrics.kafkaErrors(code).increment(by: count - kafkaErrors[code, default: 0])
        }
        kafkaErrors = status.errors
    }

    func reloaded(isAccepted: Bool) {
        metrics.reloads(isAccepted: isAccepted).increment()
        metrics.isReloadGood.set(to: isAccepted ? 1 : 0)
    }

    func draining() {
        health.raise(.draining, "asked to end; finishing the batch in hand")
    }

    func stop() {
        server?.stop(within: .seconds(1))
    }
}
