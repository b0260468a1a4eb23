import ActionConfiguration
import AnomalyDetection
import Configuration
import DetectionConfiguration
import DetectionPipeline
import TypedValues

/// The memory that `timberline run` may take, in bytes, from its settings alone: an upper bound in round
/// figures, so that a container's limit can be set.
struct MemoryEstimate {
    /// The program with its libraries, and what it holds whatever it reads.
    static let base = 64 << 20
    /// What a record in librdkafka's queue takes beside its bytes.
    static let queuedRecordOverhead = 600

    /// Features of a model, where none are configured: as many as the formats mostly have.
    static let assumedFeatureCount = 8

    /// One model.
    let model: Int
    /// Models of one partition, all entities there.
    let models: Int
    /// A whole checkpoint of one partition while it is saved.
    let checkpoint: Int
    /// Fetched ahead, or on the way from a broker.
    let queue: Int
    /// In hand: the records, and what is stored and printed of them.
    let batch: Int
    let featureCount: Int

    init(_ configuration: EffectiveConfiguration) {
        let settings = DetectionSchema.pipelineSettings(configuration, referenceYear: 1970)
        featureCount = settings.features?.count ?? Self.assumedFeatureCount
        let isOutside = configuration[ScorerSchema.scorer] != .forest
        model = settings.detector.modelBytes(
            featureCount: featureCount,
            scoring: isOutside ? .external("") : .forests
        )
        let entities = settings.entityField == nil ? 1 : settings.detector.maximumEntities
        models = model * entities
        checkpoint = models
        queue =
            2 * configuration[RunSchema.queueBytes].bytes
            + RunSchema.queuedRecords(configuration) * Self.queuedRecordOverhead
        // A record in hand, scored, with its line and printed: some copies of the line, and a few hundred bytes.
        // The lines are cut from the batch's bytes, so that all together are no longer than these.
        // A row that is scored outside is there as values, with what was expected, and as text.
        let row = isOutside ? 96 * featureCount + 256 : 0
        let records = configuration[RunSchema.batchSize]
        let lines = min(records * settings.lineLimit, RunSchema.batchBytes)
        batch = 2 * RunSchema.batchBytes + 4 * lines + records * (1_024 + row)
    }

    /// - Parameter partitions: those that the group assigns to this instance.
    func total(partitions: Int) -> Int { Self.base + partitions * models + checkpoint + queue + batch }

    var lines: [String] {
        func size(_ bytes: Int) -> String { NumberText.quantity(Double(bytes), unit: "B") }
        return [
            "",
            "memory at most, with \(featureCount) features:",
            "  program     \(size(Self.base))",
            "  queue       \(size(queue))",
            "  batch       \(size(batch))",
            "  models      \(size(models)) for each partition, \(size(model)) a model",
            "  checkpoint  \(size(checkpoint)) while it is saved",
            "  together    \(size(total(partitions: 1))) with one partition, \(size(models)) more for each other",
        ]
    }
}
