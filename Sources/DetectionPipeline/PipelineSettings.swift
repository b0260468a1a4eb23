public import AnomalyDetection
public import Retries

/// How records become verdicts, the same for every stream.
public struct PipelineSettings: Sendable {
    /// Nil: found from each stream's first records.
    public var format: LineFormat?
    /// Nil: the standard features of the format.
    public var features: [Feature]?
    /// Path of the field that names the entity; nil for one model a stream.
    public var entityField: String?
    /// The year of a stream's first line, for times that state none.
    public var referenceYear = 2000
    public var detector = DetectorSettings()
    /// Set by the pipeline: what gives the scores.
    var scoring = StreamScoring.forests
    /// Threads that a batch may use. Results do not depend on it.
    public var threads = 1
    /// Bytes of the log line that a scored record carries; 0 leaves the line out.
    public var lineLimit = 2_048
    /// Records with at least this score go to the sinks too, besides the anomalous ones.
    public var reportedScore = Double.infinity
    /// Whether records held to find a format are scored as soon as the source is idle. A
    /// file or a pipe waits for more instead, so that its pace does not change the result.
    public var releasesWhenIdle = false
    /// When the models are saved, where there is a place for it.
    public var checkpoints = CheckpointPolicy()
    /// How a batch is tried again that a sink cannot take now: not at all, by default; a service
    /// tries for ever.
    public var retries = RetryPolicy(maximumAttempts: 1, deadline: nil)
    /// How long a stop waits for a sink that is down.
    public var drainTime: Duration = .seconds(20)

    /// Records from which a stream's format and features are found. They are held
    /// until there are as many; no model gives a score earlier anyway.
    public static let sampleCount = 32

    public init() {}

    /// Whether every scored record goes to the sinks, not only the anomalous ones.
    public var reportsAll: Bool {
        get { reportedScore == -.infinity }
        set { reportedScore = newValue ? -.infinity : .infinity }
    }

    /// What decides the scores.
    var stream: StreamSettings {
        StreamSettings(
            format: format,
            features: features,
            entityField: entityField,
            detector: detector,
            scoring: scoring
        )
    }
}
