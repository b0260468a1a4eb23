import ActionConfiguration
import AnomalyDetection
import Configuration
import DetectionConfiguration
import DetectionPipeline
import Glibc
import LambdaFunction
import Telemetry
import TypedValues

/// The settings of the function: in the environment by the names that `timberline run` uses, `TIMBERLINE_…`.
enum FunctionSchema {
    /// 3.0 as in the design that this follows: a function has no past that a threshold could adapt to.
    static let threshold = Setting<ThresholdPolicy>(
        "detection.threshold",
        ValueType.threshold,
        default: .fixed(3),
        help: "Score above which a record is anomalous: a number, or adaptive."
    )
    /// Fewer than in a service: a checkpoint has all of them, and is written whole at each batch.
    static let maximumEntities = Setting<Int>(
        "detection.maximum-entities",
        ValueType.integer(in: 1...1_000_000),
        default: 100,
        help: "Entities with a model of their own, in each partition; the longest unused is dropped."
    )
    static let reportsPartialBatches = Setting<Bool>(
        "partial-batch",
        ValueShape.flag,
        default: false,
        help: "Whether the event source mapping asks for partial batch responses (ReportBatchItemFailures)."
    )
    static let unordered = Setting<UnorderedRecords>(
        "unordered",
        ValueType.choice,
        default: .frozen,
        help:
            "How records of SQS, S3, CloudWatch Logs and direct invocations are scored: frozen, by a model that "
            + "stays as it is, or learn."
    )
    static let modelName = Setting<String>(
        "model",
        ValueType.string.named("NAME"),
        default: "model",
        help: "Key of the checkpoint that scores records without an order."
    )
    static let checkpoints = Setting<S3Location?>(
        "checkpoints.bucket",
        ValueType.s3Location,
        help:
            "S3 bucket of the models' checkpoints: s3://BUCKET or s3://BUCKET/PREFIX; in memory only if not given."
    )
    static let logLevel = Setting<LogLevel>(
        "log.level",
        ValueType.choice,
        default: .info,
        help: "Least severe log line that is written."
    )
    /// The log is where a function is looked at.
    static let logged = Setting<LoggedRecords>(
        "log.records",
        ValueType.choice,
        default: .anomalies,
        help: "A log line for each record: none, anomalies (others at level debug), or all."
    )

    static let schema = Schema(
        [
            SettingGroup(
                "Detection",
                [
                    DetectionSchema.format, DetectionSchema.pattern, DetectionSchema.entityField, threshold,
                    DetectionSchema.treeCount, DetectionSchema.sampleSize, DetectionSchema.timeDecay,
                    DetectionSchema.seed, maximumEntities, DetectionSchema.features,
                ]
            ),
            ScorerSchema.group,
            SettingGroup("Function", [reportsPartialBatches, unordered, modelName, checkpoints]),
            SettingGroup(
                "Actions",
                [
                    ActionSchema.table, ActionSchema.stored, ActionSchema.shards, ActionSchema.timeToLive,
                    ActionSchema.storesLine, ActionSchema.alertTopic, ActionSchema.alerted,
                    ActionSchema.queue,
                    ActionSchema.queued, ActionSchema.webhook, ActionSchema.posted,
                    ActionSchema.webhookHeaders,
                    ActionSchema.webhookTimeout, logged,
                ]
            ),
            SettingGroup(
                "Output",
                [
                    DeadLetterSchema.queue, DeadLetterSchema.bucket, DetectionSchema.keepsLine, logLevel,
                    ActionSchema.metricsNamespace,
                ]
            ),
        ],
        otherEnvironmentNames: ["TIMBERLINE_CONFIG"]
    )

    static func resolve(
        _ variables: [String: String],
        taskRoot: String
    ) throws(ConfigurationFailure) -> EffectiveConfiguration {
        let path = variables["TIMBERLINE_CONFIG"] ?? standardFile(in: taskRoot)
        var file: ConfigurationFile?
        if let path { file = try ConfigurationFile(path: path) }
        return try schema.resolve(file: file, environment: variables)
    }

    static func functionSettings(_ configuration: EffectiveConfiguration, now: Int64) -> FunctionSettings {
        let year = Int(timestampText(milliseconds: now).prefix { $0 != "-" }) ?? 1970
        var pipeline = DetectionSchema.detectionSettings(configuration, referenceYear: year)
        pipeline.detector.threshold = configuration[threshold]
        var settings = FunctionSettings(pipeline)
        settings.reportsPartialBatches = configuration[reportsPartialBatches]
        settings.learnsUnordered = configuration[unordered] == .learn
        settings.modelName = configuration[modelName]
        // The bucket's prefix is in front already.
        if configuration[checkpoints]?.prefix.isEmpty == false { settings.checkpointPrefix = "" }
        return settings
    }

    /// The problem with models that a checkpoint may not hold, as a sentence; nil for none.
    static func checkpointProblem(
        _ configuration: EffectiveConfiguration,
        _ settings: FunctionSettings
    ) -> String? {
        guard configuration[checkpoints] != nil, settings.pipeline.entityField != nil else { return nil }
        let detector = settings.pipeline.detector
        // Formats mostly have so many features, where none are named.
        let featureCount = settings.pipeline.features?.count ?? 8
        let isOutside = configuration[ScorerSchema.scorer] != .forest
        let scoring: StreamScoring = isOutside ? .external("") : .forests
        let count =
            settings.checkpointByteLimit / detector.modelBytes(featureCount: featureCount, scoring: scoring)
        guard detector.maximumEntities > count else { return nil }
        return "detection.maximum-entities: a checkpoint holds at most \(count) entities with these settings"
    }

    private static func standardFile(in taskRoot: String) -> String? {
        let path = taskRoot + "/timberline.yaml"
        return access(path, R_OK) == 0 ? path : nil
    }
}

/// What becomes of records without an order.
enum UnorderedRecords: String, Sendable, CaseIterable {
    case frozen, learn
}
