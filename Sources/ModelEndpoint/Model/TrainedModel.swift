public import RandomCutForest

/// A forest with what is known of it. One owner.
public struct TrainedModel {
    public let description: ModelDescription
    public let forest: RandomCutForest

    /// - Precondition: the forest takes rows of `description.dimensions` values.
    public init(description: ModelDescription, forest: RandomCutForest) {
        precondition(forest.configuration.inputDimensions == description.dimensions)
        self.description = description
        self.forest = forest
    }
}
