public import AWSConnector
public import AWSServices
public import Configuration
import DetectionConfiguration
public import TypedValues

/// What scores the records.
public enum ScorerKind: String, Sendable, CaseIterable {
    /// Forests in the process.
    case forest
    /// A model behind a SageMaker endpoint.
    case sagemaker
}

/// The settings of what scores, the same for every host that can ask a model outside.
public enum ScorerSchema {
    public static let scorer = Setting<ScorerKind>(
        "scorer",
        ValueType.choice,
        default: .forest,
        flag: "scorer",
        help: "What scores: forests in this process, or a model behind a SageMaker endpoint."
    )
    public static let endpoint = Setting<String?>(
        "sagemaker.endpoint",
        ValueType.string.named("NAME"),
        flag: "sagemaker-endpoint",
        help: "The endpoint's name."
    )
    public static let form = Setting<SageMakerRequestForm>(
        "sagemaker.request",
        ValueType.choice,
        default: .json,
        help: "Body of a request: {\"instances\":[{\"features\":[…]}]}, CSV, or the bare array [[…]]."
    )
    public static let rowLimit = Setting<Int>(
        "sagemaker.batch-records",
        ValueType.integer(in: 1...10_000),
        default: 500,
        help: "Records in a request at most."
    )
    public static let byteLimit = Setting<ByteSize>(
        "sagemaker.batch-bytes",
        ValueType.byteSize(in: .kibibytes(1)...(.mebibytes(25))),
        default: ByteSize(bytes: 4_000_000),
        help: "Bytes of a request at most: real-time endpoints take 6 MB, serverless ones 4 MB."
    )
    public static let concurrency = Setting<Int>(
        "sagemaker.concurrency",
        ValueType.integer(in: 1...200),
        default: 4,
        help: "Requests under way at once at most."
    )
    public static let timeout = Setting<Duration>(
        "sagemaker.timeout",
        ValueType.duration(in: .milliseconds(10) ... .seconds(60)),
        default: .seconds(30),
        help: "How long a request may take."
    )
    public static let region = Setting<String?>(
        "aws.region",
        ValueType.string.named("REGION"),
        flag: "region",
        help: "AWS region; the environment's or the profile's if not given."
    )

    public static let group = SettingGroup(
        "Scorer",
        [scorer, endpoint, form, rowLimit, byteLimit, concurrency, timeout, region]
    )

    /// The same where there is a setting for records to warm up with.
    public static func problemWithWarmUp(_ configuration: EffectiveConfiguration) -> String? {
        if let problem = problem(configuration) { return problem }
        guard configuration[scorer] == .sagemaker, configuration[DetectionSchema.warmUp] != nil else {
            return nil
        }
        return "warm-up is for forests: a model behind an endpoint has learnt already"
    }

    /// The problem with the settings together, as a sentence; nil for none.
    public static func problem(_ configuration: EffectiveConfiguration) -> String? {
        guard configuration[scorer] == .sagemaker else { return nil }
        if configuration[endpoint] == nil { return "scorer: sagemaker needs sagemaker.endpoint" }
        let features = configuration[DetectionSchema.features]
        if features.isEmpty || features.contains(where: { $0.transform != .none || $0.weight != 1 }) {
            return "scorer: sagemaker sends the fields of detection.features as they are, in their order: "
                + "name them, each with transform: none and without a weight"
        }
        return nil
    }

    /// The model outside; nil where forests score.
    public static func scorer(
        _ configuration: EffectiveConfiguration,
        _ client: @autoclosure () -> AWSClient
    ) -> SageMakerScorer? {
        guard configuration[scorer] == .sagemaker, let name = configuration[endpoint] else { return nil }
        var settings = SageMakerScorer.Settings(endpointName: name)
        settings.form = configuration[form]
        settings.rowLimit = configuration[rowLimit]
        settings.byteLimit = configuration[byteLimit].bytes
        settings.concurrency = configuration[concurrency]
        settings.timeout = configuration[timeout]
        return SageMakerScorer(client(), settings)
    }
}
