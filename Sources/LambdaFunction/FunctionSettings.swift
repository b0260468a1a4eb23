public import DetectionPipeline

/// How the function treats what it is given.
public struct FunctionSettings: Sendable {
    public var pipeline: PipelineSettings
    /// Whether the mapping asks for partial batch responses: else one failure is the whole batch's.
    public var reportsPartialBatches = false
    /// Whether records without an order are learnt.
    public var learnsUnordered = false
    /// The checkpoint of the models that score records without an order.
    public var modelName = "model"
    /// Of the keys of all checkpoints.
    public var checkpointPrefix = "timberline/"
    /// Bytes of a checkpoint at most: it is written whole at each batch.
    public var checkpointByteLimit = 128 << 20
    /// What is left of the time when the function stops to begin anything.
    public var deadlineMargin: Duration = .seconds(1)

    public init(_ pipeline: PipelineSettings = PipelineSettings()) {
        self.pipeline = pipeline
        // Actions choose among all scores, and a direct answer has them all.
        self.pipeline.reportsAll = true
    }
}
