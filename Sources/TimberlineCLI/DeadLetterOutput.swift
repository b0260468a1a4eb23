import AWSServices
import ActionConfiguration
import Configuration
import DetectionPipeline
import KafkaClient
import KafkaConnector
import Telemetry

/// Where dead letters go: a queue or a bucket, else a topic, else a file.
struct DeadLetterOutput {
    let sink: any DeadLetterSink
    /// The file, whose retention is ours; nil for any other.
    let file: DeadLetterFile?

    init(_ configuration: EffectiveConfiguration, _ logger: Logger, _ client: AWSClient) throws {
        if let sink = DeadLetterSchema.sink(configuration, client) {
            file = nil
            self.sink = sink
        } else if let topic = configuration[RunSchema.deadLetterTopic] {
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
