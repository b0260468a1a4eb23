/// What a stream is scored with, as configured.
public struct StreamSettings: Sendable {
    /// Nil: found from the stream's first records.
    public var format: LineFormat?
    /// Nil: the standard features of the format.
    public var features: [Feature]?
    /// Path of the field that names the entity; nil for one model.
    public var entityField: String?
    public var detector: DetectorSettings
    public var scoring: StreamScoring

    public init(
        format: LineFormat? = nil,
        features: [Feature]? = nil,
        entityField: String? = nil,
        detector: DetectorSettings = DetectorSettings(),
        scoring: StreamScoring = .forests
    ) {
        self.format = format
        self.features = features
        self.entityField = entityField
        self.detector = detector
        self.scoring = scoring
    }
}
