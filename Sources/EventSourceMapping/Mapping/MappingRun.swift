import DetectionPipeline
import KafkaClient
import KafkaConnector
import LambdaRuntime
import LocalLambdaModel
import Retries
import Telemetry

/// One time that a mapping reads its topic, from joining the group to leaving it.
///
/// Belongs to the thread that makes it.
final class MappingRun {
    private let settings: MappingSettings
    private let source: KafkaRecordSource
    private let target: FunctionTarget
    private let undeliverable: FailureRecords
    private let logger: Logger

    /// What is known of the topic between two turns.
    struct Turn {
        /// Whether the group has given the mapping its partitions.
        var isAssigned: Bool
        var isConnected: Bool
        /// Whether the cluster has been lost because it refuses the login: another secret may be there by now.
        var isLoginRefused: Bool
    }

    /// Connects to the cluster and joins the group.
    init(
        _ settings: MappingSettings,
        _ services: MappingServices,
        onResult: @escaping @Sendable (ProcessingResult) -> Void
    ) throws {
        let configuration = settings.configuration
        let connection = try services.connections.connection(for: configuration)
        let servers = connection.servers.joined(separator: ",")
        let properties = KafkaProperties(brokers: servers).merging(KafkaProperties(connection.properties))
        let encoder = KafkaEventEncoder(configuration.source, bootstrapServers: servers)
        self.settings = settings
        logger = services.logger.adding(["mapping": .string(configuration.id.text)])
        source = try KafkaRecordSource(
            KafkaConsumerConfiguration(configuration, properties),
            subscription: .topics([configuration.topic]),
            settings: Self.sourceSettings(configuration),
            logger: logger,
            connectTimeout: Self.connectTimeout
        )
        target = FunctionTarget(
            settings,
            encoder: encoder,
            invoker: services.invoker,
            now: services.millisecondsNow,
            onResult: onResult
        )
        undeliverable = FailureRecords(
            settings,
            encoder: encoder,
            bootstrapServers: servers,
            location: services.location,
            client: services.client,
            properties: properties,
            logger: logger,
            now: services.millisecondsNow
        )
    }

    private static let connectTimeout: Duration = .seconds(10)

    /// Ends the wait for records early, from any thread.
    var waker: KafkaConsumerWaker { source.waker }

    /// Reads and invokes until `shouldStop` says so, then waits for the invocations under way and leaves the group.
    ///
    /// - Parameters:
    ///   - change: settings to take over, if there are other ones; asked between turns.
    ///   - onTurn: told between turns how it is.
    func run(
        until shouldStop: @escaping () -> Bool,
        change: @escaping () -> MappingSettings?,
        onTurn: @escaping (Turn) -> Void
    ) throws {
        // Set before the first turn, which needs it.
        var betweenTurns: () -> Void = {}
        let waker = source.waker
        let forwarder = Forwarder(
            source: source,
            target: target,
            undeliverable: undeliverable,
            settings: forwardSettings,
            logger: logger,
            wake: { waker.wake() },
            onProgress: { _ in betweenTurns() }
        )
        betweenTurns = { [unowned self, unowned forwarder] in
            if let settings = change() { apply(settings, to: forwarder) }
            let status = source.status
            onTurn(Turn(status))
        }
        let result = Result { try forwarder.run(until: shouldStop) }
        try source.close()
        _ = try result.get()
    }

    private func apply(_ settings: MappingSettings, to forwarder: Forwarder) {
        target.update(settings)
        undeliverable.update(settings)
        forwarder.setAttemptLimit(settings.attemptLimit)
        source.settings = Self.sourceSettings(settings.configuration)
    }

    private var forwardSettings: ForwardSettings {
        var forward = ForwardSettings()
        forward.concurrency = settings.concurrency
        forward.attemptLimit = settings.attemptLimit
        forward.retries.maximumDelay = Self.longestDelay
        return forward
    }

    /// Between two tries: Lambda does not say how long it waits.
    private static let longestDelay: Duration = .seconds(10)

    /// Reading waits a small part of the batching window, which the lanes keep.
    private static func sourceSettings(
        _ configuration: EventSourceMappingConfiguration
    ) -> KafkaRecordSource.Settings {
        var settings = KafkaRecordSource.Settings()
        settings.batchWindow = .milliseconds(min(50, max(5, configuration.batchingWindowMilliseconds / 10)))
        return settings
    }
}

extension MappingRun.Turn {
    fileprivate init(_ status: KafkaRecordSource.Status) {
        isAssigned = status.hasBeenAssigned
        isConnected = status.isBrokerReachable
        let refusals: [KafkaError.Code] = [.authentication, .certificateRefused, .scramRefused, .tls]
        isLoginRefused = !isConnected && refusals.contains { status.errors[$0.name] != nil }
    }
}

extension KafkaEventEncoder {
    init(_ source: KafkaEventSource, bootstrapServers: String) {
        switch source {
        case .msk(let arn): self.init(eventSourceARN: arn, bootstrapServers: bootstrapServers)
        case .selfManaged: self.init(eventSourceARN: nil, bootstrapServers: bootstrapServers)
        }
    }
}

extension KafkaConsumerConfiguration {
    init(_ mapping: EventSourceMappingConfiguration, _ properties: KafkaProperties) {
        let position: KafkaStartingPosition =
            switch mapping.startingPosition {
            case .latest: .latest
            case .trimHorizon: .earliest
            case .atTimestamp(let milliseconds): .timestamp(milliseconds: milliseconds)
            }
        // After a kill the partitions come back to the next run when the session of the last one has ended.
        self.init(
            properties: properties.withDefaults([
                "session.timeout.ms": "10000", "client.id": "timberline-\(mapping.id)",
            ]),
            group: mapping.consumerGroup,
            startingPosition: position
        )
    }
}
