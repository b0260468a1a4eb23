/// What the detector says of one record that it scored.
public struct Verdict: Sendable, Hashable {
    public var score: Double
    /// The threshold at that moment.
    public var threshold: Double
    /// Whether the model had not yet seen a full sample: scores are rough.
    public var isEarly: Bool
    /// The entity whose model judged, empty where there is one model for all.
    public var entity: String
    /// What drove the score, strongest first; only for anomalous records.
    public var drivers: [Driver]

    public init(score: Double, threshold: Double, isEarly: Bool, entity: String, drivers: [Driver]) {
        self.score = score
        self.threshold = threshold
        self.isEarly = isEarly
        self.entity = entity
        self.drivers = drivers
    }

    /// Strictly above the threshold, as in the design this follows.
    public var isAnomalous: Bool { score > threshold }
}

/// One feature's part in an anomalous score.
public struct Driver: Sendable, Hashable {
    public enum Direction: String, Sendable, Hashable {
        case above, below
    }

    /// Name of the feature.
    public var feature: String
    /// The record's raw value, in `unit`; nil where the record has none.
    public var observed: Double?
    /// What the entity's past lets expect, in `unit`.
    public var expected: Double
    public var direction: Direction
    /// Share of the score that this feature explains, 0...1.
    public var share: Double
    public var unit: String

    public init(
        feature: String,
        observed: Double?,
        expected: Double,
        direction: Direction,
        share: Double,
        unit: String
    ) {
        self.feature = feature
        self.observed = observed
        self.expected = expected
        self.direction = direction
        self.share = share
        self.unit = unit
    }
}
