/// What a model is trained with. The defaults of trees and samples are those of SageMaker's random cut forest.
public struct TrainingSettings: Sendable, Hashable {
    public var treeCount = 100
    /// Rows that each tree remembers.
    public var sampleSize = 256
    /// Rows side by side that make up one point.
    public var shingleSize = 1
    /// The rate at which older rows lose weight; 0 keeps a uniform sample of all.
    public var timeDecay = 0.0
    public var seed: UInt64 = 0

    public init() {}
}
