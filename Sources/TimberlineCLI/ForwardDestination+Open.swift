import AWSConnector
import AWSServices
import ActionConfiguration
import Configuration
import DetectionPipeline
import Glibc
import HTTPClient
import HTTPConnector
import KafkaClient
import KafkaConnector
import Retries
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
            recordCount: configuration[ForwardSchema.batchRecords] ?? limits.recordCount,
            byteCount: configuration[ForwardSchema.batchBytes]?.bytes ?? limits.byteCount,
            window: configuration[ForwardSchema.window] ?? limits.window
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
            let client = HTTPClient(httpSettings(configuration))
            try Self.wait(for: address, client, configuration[RunSchema.connectTimeout], host)
            return HTTPTarget(
                client,
                url: address,
                form: configuration[ForwardSchema.form],
                fields: configuration[ForwardSchema.headers].map { .init($0.key, $0.value) },
                limits: limits
            )
        case .lambda(let name):
            var settings = LambdaTarget.Settings(
                functionName: name,
                bootstrapServers: RunSchema.kafkaProperties(configuration)["bootstrap.servers"] ?? ""
            )
            settings.eventSourceARN = configuration[ForwardSchema.eventSourceARN]
            settings.allowedFailures = configuration[ForwardSchema.functionFailures]
            let client = try awsClient(configuration, logger, host)
            return LambdaTarget(client, settings, limits: limits, timeout: timeout(configuration))
        case .kinesis(let name):
            var settings = KinesisTarget.Settings(stream: name)
            settings.partitionKey = configuration[ForwardSchema.partitionKey]
            settings.order = configuration[ForwardSchema.kinesisOrder]
            settings.form = configuration[ForwardSchema.recordForm]
            return KinesisTarget(try awsClient(configuration, logger, host), settings, limits: limits)
        case .s3(let place):
            var settings = S3Target.Settings(bucket: place.bucket, prefix: place.prefix)
            settings.compression = configuration[ForwardSchema.compression]
            settings.form = configuration[ForwardSchema.recordForm]
            return S3Target(try awsClient(configuration, logger, host), settings, limits: limits)
        }
    }

    /// One try a call: the forwarder itself tries again, for ever, and is seen to.
    ///
    /// - Throws: where no region is known. Whether the target is there shows when records come: they wait until it is.
    private func awsClient(
        _ configuration: EffectiveConfiguration,
        _ logger: Logger,
        _ host: Host
    ) throws -> AWSClient {
        var settings = AWSClient.Settings()
        settings.region = configuration[ScorerSchema.region]
        settings.http = httpSettings(configuration)
        // A function's answer is 6 MiB at most.
        settings.http.bodyLimit = 8 << 20
        settings.retries.maximumAttempts = 1
        let client = AWSClient(settings, environment: AWSEnvironment(host.environment), logger: logger)
        do throws(AWSError) {
            _ = try client.region()
        } catch {
            throw CommandFailure(.invalidConfiguration, "\(error)")
        }
        return client
    }

    private func timeout(_ configuration: EffectiveConfiguration) -> Duration {
        configuration[ForwardSchema.timeout] ?? timeout
    }

    private func httpSettings(_ configuration: EffectiveConfiguration) -> HTTPClient.Settings {
        var settings = HTTPClient.Settings()
        settings.timeout = timeout(configuration)
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
