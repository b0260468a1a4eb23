import Configuration
import DetectionPipeline
import KafkaClient
import KafkaConnector
import Telemetry

/// The topic that a run's anomalies go to, if any: a sink like others, or the transaction that commits the
/// offsets too.
struct AnomalyOutput {
    var sink: (any ScoredRecordSink)?
    var transaction: (any TransactionalSink)?

    init(_ configuration: EffectiveConfiguration, source: KafkaRecordSource, logger: Logger) throws {
        guard let topic = configuration[RunSchema.anomalyTopic] else { return }
        let encoding = AnomalyEncoding(
            topic: topic,
            key: configuration[RunSchema.anomalyKey],
            value: ScoredRecordJSON.line
        )
        let properties = RunSchema.kafkaProperties(configuration)
        if configuration[RunSchema.exactlyOnce] {
            transaction = TransactionalAnomalyTopic(properties, encoding, source: source, logger: logger)
        } else {
            sink = AnomalyTopic(try KafkaProducer(properties, logger: logger), encoding)
        }
    }
}
