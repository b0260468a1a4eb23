/// Settings of the models, the same for every entity.
public struct DetectorSettings: Sendable, Hashable {
    public var treeCount = 50
    /// Records each tree remembers.
    public var sampleSize = 256
    /// Rate at which old records are forgotten, per record; nil for
    /// `0.1 / sampleSize`.
    public var timeDecay: Double?
    public var seed: UInt64 = 0
    public var threshold = ThresholdPolicy.standard
    /// Records a model learns before it gives its first score.
    public var warmUp = 32
    /// Records over which a feature's mean and noise are taken.
    public var normalizationWindow = 1_000
    /// Models kept in each partition; beyond, the longest unused are dropped.
    public var maximumEntities = 1_000

    public init() {}
}
