import Configuration
import DetectionPipeline
import Glibc
import HTTPClient
import HTTPConnector
import KafkaClient
import KafkaConnector
import Telemetry
import TypedValues

extension ForwardDestination {
    /// Connects to the target.
    ///
    /// - Throws: `unavailable` where it does not answer in time, `cannotWrite` where there is no such
    ///   topic.
    func open(
        _ configuration: EffectiveConfiguration,
        _ logger: Logger,
        _ host: Host
    ) throws -> any ForwardTarget {
        let limits = BatchLimits(
            recordCount: configuration[ForwardSchema.batchRecords],
            byteCount: configuration[ForwardSchema.batchBytes].bytes
        )
        switch self {
        case .topic(let name):
            do throws(KafkaError) {
                return try TopicTarget(
                    ForwardSchema.targetProperties(configuration),
                    topic: name,
                    partitioning: configuration[ForwardSchema.partitioning],
                    limits: limits,
                    connectTimeout: configuration[RunSchema.connectTimeout],
                    logger: logger
                )
            } catch {
                guard error.code == .unknownTopicOrPartition else { throw error }
                throw CommandFailure(.cannotWrite, "\(error)")
            }
        case .http(let address):
            let client = HTTPClient(Self.clientSettings(configuration))
            try Self.wait(for: address, client, configuration[RunSchema.connectTimeout], host)
            return HTTPTarget(
                client,
                url: address,
                form: configuration[ForwardSchema.form],
                fields: configuration[ForwardSchema.headers].map { .init($0.key, $0.value) },
                limits: limits
            )
        }
    }

    private static func clientSettings(_ configuration: EffectiveConfiguration) -> HTTPClient.Settings {
        var settings = HTTPClient.Settings()
        settings.timeout = configuration[ForwardSchema.timeout]
        settings.connectTimeout = min(settings.connectTimeout, settings.timeout)
        settings.authorityFile = configuration[ForwardSchema.authorities]
        settings.idleConnectionLimit = configuration[ForwardSchema.concurrency]
        // Only the beginning of an answer that is no acknowledgement is looked at.
        settings.bodyLimit = 1 << 20
        return settings
    }

    private static func wait(for address: String, _ client: HTTPClient, _ limit: Duration, _ host: Host)
        throws
    {
        let end = ContinuousClock.now + limit
        while true {
            do throws(HTTPClientError) {
                return try client.checkConnection(to: address)
            } catch {
                guard error.code != .invalidRequest else {
                    throw CommandFailure(.invalidConfiguration, "forward.to: \(error)")
                }
                guard error.isRetriable, ContinuousClock.now < end, !host.shouldStop() else {
                    throw CommandFailure(.unavailable, "\(error)")
                }
                usleep(200_000)
            }
        }
    }
}
