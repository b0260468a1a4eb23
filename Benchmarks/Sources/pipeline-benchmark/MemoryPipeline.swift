import DetectionPipeline
import KafkaConnector

@testable import AnomalyDetection

/// The pipeline of `timberline run` with records in memory in place of Kafka's.
struct MemoryPipeline {
    /// As many records in a batch as `timberline run` takes by default.
    static let batchSize = KafkaRecordSource.Settings().batchSize

    private let batches: [RecordBatch]
    private let plan: FeaturePlan

    init(_ lines: Lines) {
        batches = lines.batches(of: Self.batchSize)
        plan = lines.plan
    }

    func run(threads: Int, sink: any ScoredRecordSink) throws {
        var settings = PipelineSettings()
        settings.features = plan.features
        settings.entityField = plan.entityField
        settings.referenceYear = 2026
        settings.threads = threads
        let pipeline = Pipeline(
            source: MemorySource(batches),
            sinks: [sink],
            deadLetters: nil,
            settings: settings
        )
        try pipeline.run()
    }
}

private final class MemorySource: RecordSource {
    private var rest: ArraySlice<RecordBatch>

    init(_ batches: [RecordBatch]) { rest = batches[...] }

    func next() -> SourceEvent { rest.popFirst().map { .batches([$0]) } ?? .end }

    func commit(_ offsets: [RecordStream: Int64]) -> Bool { true }
}
