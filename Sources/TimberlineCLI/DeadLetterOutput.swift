import Configuration
import DetectionPipeline
import KafkaClient
import KafkaConnector
import Telemetry

/// Where dead letters go: a topic, else a file.
struct DeadLetterOutput {
    let sink: any DeadLetterSink
    /// The file, whose retention is ours; nil for a topic.
    let file: DeadLetterFile?

    init(_ configuration: EffectiveConfiguration, _ logger: Logger) throws {
        if let topic = configuration[RunSchema.deadLetterTopic] {
            let producer = try KafkaProducer(RunSchema.kafkaProperties(configuration), logger: logger)
            file = nil
            sink = DeadLetterTopic(producer, topic: topic)
        } else {
            let file = try DeadLetterFile(
                path: configuration[RunSchema.deadLetterFile],
                partLimit: RunRetention.partLimit(RunSchema.deadLetterRetention(configuration))
            )
            self.file = file
            sink = file
        }
    }
}
