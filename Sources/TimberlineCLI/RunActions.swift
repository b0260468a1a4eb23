import AWSConnector
import AWSServices
import ActionConfiguration
import Configuration
import DetectionPipeline
import Retries
import Telemetry

/// What a run asks and tells beside Kafka and its own store: the model outside, if one scores, and the actions.
struct RunActions {
    let scorer: (any RowScorer)?
    let actions: [Action]

    /// - Throws: where settings, region or table cannot be right, whatever comes.
    init(_ configuration: EffectiveConfiguration, _ client: AWSClient, _ logger: Logger) throws {
        scorer = ScorerSchema.scorer(configuration, client)
        actions = ActionSchema.actions(configuration, client, logger) { line in
            // Among the log's lines, of which CloudWatch makes metrics.
            StandardErrorSink().write(Array("\(line)\n".utf8))
        }
        guard Self.usesAWS(configuration) else { return }
        do throws(AWSError) {
            _ = try client.region()
            try ActionSchema.tableSink(configuration, client, logger)?.check()
        } catch {
            guard ![.configuration, .refused].contains(error.code) else {
                throw CommandFailure(.invalidConfiguration, "\(error)")
            }
            // It may be mended while the run waits for it; a role may not even be let read.
            logger.warning("aws_unavailable", "\(error)")
        }
    }

    /// The least score of a record that some action wants although it is no anomaly.
    var reportedScore: Double { actions.map(\.selection.leastScore).min() ?? .infinity }

    /// Few tries: the run itself tries for ever, and is seen to.
    static func client(
        _ configuration: EffectiveConfiguration,
        _ host: Host,
        _ logger: Logger
    ) -> AWSClient {
        var settings = AWSClient.Settings()
        settings.region = configuration[ScorerSchema.region]
        settings.retries.maximumAttempts = 3
        settings.retries.deadline = .seconds(20)
        return AWSClient(settings, environment: AWSEnvironment(host.environment), logger: logger)
    }

    private static func usesAWS(_ configuration: EffectiveConfiguration) -> Bool {
        let names = [
            ActionSchema.table, ActionSchema.alertTopic, ActionSchema.queue, DeadLetterSchema.queue,
        ]
        return configuration[ScorerSchema.scorer] == .sagemaker
            || configuration[DeadLetterSchema.bucket] != nil
            || names.contains { configuration[$0] != nil }
    }
}
