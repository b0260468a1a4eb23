public import AWSConnector
public import AWSServices
public import Configuration
public import DetectionPipeline
import HTTPClient
import HTTPConnector
public import Telemetry
import TypedValues

/// The settings of what is done with scored records beside the embedded store, the same for every host.
public enum ActionSchema {
    public static let table = Setting<String?>(
        "dynamodb.table",
        ValueType.string.named("TABLE"),
        flag: "dynamodb-table",
        help: "DynamoDB table that records are stored in."
    )
    public static let stored = Setting<RecordSelection>(
        "dynamodb.store",
        ValueType.recordSelection,
        default: .anomalies,
        help: "Which records the table gets: anomalies, all, or those with at least this score."
    )
    public static let shards = Setting<Int>(
        "dynamodb.shards",
        ValueType.integer(in: 1...100),
        default: 1,
        help: "Partition keys of one service and hour, for more than 1,000 writes in a second."
    )
    public static let timeToLive = Setting<Duration?>(
        "dynamodb.ttl",
        ValueType.duration(in: .seconds(60)...),
        help: "Age, by the record's time, at which the table may remove it; kept for ever if not given."
    )
    public static let storesLine = Setting<Bool>(
        "dynamodb.line",
        ValueShape.flag,
        default: true,
        help: "Store the log line too, as far as output.line keeps it."
    )
    public static let alertTopic = Setting<String?>(
        "sns.topic-arn",
        ValueType.string.named("ARN"),
        flag: "sns-topic",
        help: "SNS topic that alerts are published to."
    )
    public static let alerted = Setting<RecordSelection>(
        "sns.minimum-score",
        ValueType.recordSelection,
        default: .anomalies,
        help: "Which records are alerts: anomalies, those with at least this score, or all."
    )
    public static let queue = Setting<String?>(
        "sqs.queue-url",
        ValueType.string.named("URL"),
        flag: "sqs-queue",
        help: "SQS queue that records are sent to."
    )
    public static let queued = Setting<RecordSelection>(
        "sqs.minimum-score",
        ValueType.recordSelection,
        default: .anomalies,
        help: "Which records are sent: anomalies, those with at least this score, or all."
    )
    public static let webhook = Setting<String?>(
        "webhook.url",
        ValueType.httpAddress,
        isSecret: true,
        help: "Address that records are posted to as JSON; it may hold a secret."
    )
    public static let posted = Setting<RecordSelection>(
        "webhook.minimum-score",
        ValueType.recordSelection,
        default: .anomalies,
        help: "Which records are posted: anomalies, those with at least this score, or all."
    )
    public static let webhookHeaders = Setting<[Property]>(
        "webhook.headers",
        ValueShape.properties,
        default: [],
        help: "Header of every post, such as Authorization."
    )
    public static let webhookTimeout = Setting<Duration>(
        "webhook.timeout",
        ValueType.duration(in: .milliseconds(10) ... .seconds(600)),
        default: .seconds(10),
        help: "How long a post may take."
    )
    public static let logged = Setting<LoggedRecords>(
        "log.records",
        ValueType.choice,
        default: .none,
        help: "A log line for each record: none, anomalies (others at level debug), or all."
    )

    public static let metricsNamespace = Setting<String?>(
        "metrics.namespace",
        ValueType.string.named("NAMESPACE"),
        help:
            "CloudWatch namespace of metrics written to the log (embedded metric format); none if not given."
    )

    public static let group = SettingGroup(
        "Actions",
        [
            table, stored, shards, timeToLive, storesLine, alertTopic, alerted, queue, queued, webhook,
            posted,
            webhookHeaders, webhookTimeout, logged, metricsNamespace,
        ]
    )

    /// What is configured, in the order in which it is done: what is only told comes after what is kept.
    ///
    /// - Parameter writeMetrics: takes a line of metrics, without its end.
    public static func actions(
        _ configuration: EffectiveConfiguration,
        _ client: @autoclosure () -> AWSClient,
        _ logger: Logger,
        writeMetrics: @escaping (String) throws -> Void
    ) -> [Action] {
        var actions: [Action] = []
        if let table = tableSink(configuration, client(), logger) {
            actions.append(Action("dynamodb", table, configuration[stored]))
        }
        if let arn = configuration[alertTopic] {
            actions.append(Action("sns", SNSAlertSink(client(), topicARN: arn), configuration[alerted]))
        }
        if let url = configuration[queue] {
            actions.append(Action("sqs", SQSSink(client(), queueURL: url), configuration[queued]))
        }
        if let url = configuration[webhook] {
            actions.append(Action("webhook", webhookSink(configuration, url), configuration[posted]))
        }
        if configuration[logged] != .none {
            let isAll = configuration[logged] == .all
            let log = ScoreLog(logger, normalLevel: isAll ? .info : .debug)
            actions.append(Action("log", log, isAll || logger.level == .debug ? .all : .anomalies))
        }
        if let namespace = configuration[metricsNamespace] {
            let metrics = EmbeddedMetricsSink(EmbeddedMetrics(namespace: namespace), write: writeMetrics)
            actions.append(Action("metrics", metrics, .all))
        }
        return actions
    }

    /// The table's sink; nil where no table is configured.
    public static func tableSink(
        _ configuration: EffectiveConfiguration,
        _ client: @autoclosure () -> AWSClient,
        _ logger: Logger
    ) -> DynamoDBSink? {
        guard let name = configuration[table] else { return nil }
        var settings = DynamoDBSink.Settings(tableName: name)
        settings.shardCount = configuration[shards]
        settings.timeToLive = configuration[timeToLive]
        settings.keepsLine = configuration[storesLine]
        return DynamoDBSink(client(), settings, logger: logger)
    }

    private static func webhookSink(_ configuration: EffectiveConfiguration, _ url: String) -> WebhookSink {
        var settings = HTTPClient.Settings()
        settings.timeout = configuration[webhookTimeout]
        settings.connectTimeout = min(settings.connectTimeout, settings.timeout)
        settings.bodyLimit = 1 << 20
        return WebhookSink(
            HTTPClient(settings),
            url: url,
            fields: configuration[webhookHeaders].map { .init($0.key, $0.value) }
        )
    }
}
