import AWSConnector
import AWSServices
import DetectionPipeline
import KafkaClient
import KafkaConnector
import LambdaRuntime
import LocalLambdaModel
import Telemetry

/// Sends what the function did not take to the mapping's destination; drops it where there is none.
final class FailureRecords: UndeliverableRecords {
    private let settings: Locked<MappingSettings>
    private let encoder: KafkaEventEncoder
    /// Joined by commas.
    private let bootstrapServers: String
    private let location: AWSLocation
    private let client: AWSClient
    private let producer: ReplaceableProducer
    private let logger: Logger
    private let now: @Sendable () -> Int64

    /// - Parameter properties: of the cluster that the mapping reads.
    init(
        _ settings: MappingSettings,
        encoder: KafkaEventEncoder,
        bootstrapServers: String,
        location: AWSLocation,
        client: AWSClient,
        properties: KafkaProperties,
        logger: Logger,
        now: @escaping @Sendable () -> Int64
    ) {
        self.settings = Locked(settings)
        self.encoder = encoder
        self.bootstrapServers = bootstrapServers
        self.location = location
        self.client = client
        // By the key, as Kafka's Java clients do it.
        producer = ReplaceableProducer(
            properties.withDefaults(["partitioner": "murmur2_random"]),
            logger: logger
        )
        self.logger = logger
        self.now = now
    }

    func update(_ settings: MappingSettings) {
        self.settings.withLock { $0 = settings }
    }

    func store(_ batch: RecordBatch, after error: any Error, attempt: Int, countedAttempts: Int) throws {
        let settings = settings.withLock { $0 }
        logger.warning(
            "records_discarded",
            "\(error)",
            [
                "partition": .string(batch.partitionKey),
                "offset": .integer(batch.records.first?.offset ?? 0),
                "count": .integer(Int64(batch.records.count)), "attempts": .integer(Int64(countedAttempts)),
            ]
        )
        guard let destination = settings.destination else { return }
        let record = FailureRecord(
            functionARN: functionARN(settings.configuration.function, destination),
            source: settings.configuration.source,
            bootstrapServers: bootstrapServers,
            batch: batch,
            error: error,
            invocationCount: countedAttempts,
            requestID: (error as? FunctionFailure)?.requestID ?? randomUUID(),
            time: now()
        )
        do {
            try send(record, to: destination, settings.configuration.id)
        } catch {
            throw DestinationFailure(reason: "\(error)")
        }
    }

    /// The examples of the two kinds of destinations differ in the qualifier.
    private func functionARN(_ function: FunctionReference, _ destination: FailureDestination) -> String {
        guard case .kafka = destination, function.qualifier == nil else { return function.arn(in: location) }
        return FunctionReference(function.name, .latest).arn(in: location)
    }

    private func send(
        _ record: FailureRecord,
        to destination: FailureDestination,
        _ id: EventSourceMappingID
    ) throws {
        let event = encoder.encode([record.batch.eventPartition])
        switch destination {
        case .queue(let url):
            let body = String(decoding: record.json(.metadata, event: event), as: UTF8.self)
            try client.sendMessages([SQS.Message(body: body)], to: url).check()
        case .notifications(let arn):
            let text = String(decoding: record.json(.metadata, event: event), as: UTF8.self)
            _ = try client.send(SNS.Publish(topicARN: arn, message: SNS.Message(text: text)))
        case .bucket(let name):
            let place = S3.Place(bucket: name, key: objectKey(record, id))
            let body = record.json(.text, event: event)
            _ = try client.send(S3.PutObject(place, body: body, contentType: "application/json"))
        case .kafka(let topic): try produce(record, to: topic)
        }
    }

    /// As streams' mappings name their objects, with the partition for the shard.
    private func objectKey(_ record: FailureRecord, _ id: EventSourceMappingID) -> String {
        // 2026-01-31T23:59:59.123Z
        let time = timestampText(milliseconds: record.time)
        let day = time.prefix(10)
        let place = day.split(separator: "-").joined(separator: "/")
        let clock = time.dropFirst(11).prefix(8).split(separator: ":").joined(separator: ".")
        return "aws/lambda/\(id)/\(record.batch.partitionKey)/\(place)/\(day)T\(clock)-\(randomUUID())"
    }

    // MARK: Kafka

    private static let produceTimeout: Duration = .seconds(30)

    /// A message for each record, with the record's key.
    private func produce(_ record: FailureRecord, to topic: String) throws {
        let producer = try producer.open()
        for single in record.batch.records {
            var alone = record
            alone.batch = RecordBatch(stream: record.batch.stream)
            alone.batch.append(single, of: record.batch)
            let event = encoder.encode([alone.batch.eventPartition])
            let key = single.key.map { Array(record.batch.bytes[$0]) }
            if let error = error(producing: alone.json(.single, event: event), key, topic, producer) {
                guard error.code == .messageTooLarge else { throw error }
                let short = alone.json(.singleMetadata, event: event)
                if let error = self.error(producing: short, key, topic, producer) { throw error }
            }
        }
    }

    private func error(
        producing value: [UInt8],
        _ key: [UInt8]?,
        _ topic: String,
        _ producer: KafkaProducer
    ) -> KafkaError? {
        var message = KafkaProducerBatch(topic: topic)
        message.append(value: value, key: key)
        return producer.produce(message, timeout: Self.produceTimeout).first?.error
    }
}

/// A destination has not taken a record: it comes again, and the partition waits.
struct DestinationFailure: ClassifiedError, CustomStringConvertible {
    var reason: String

    var failureKind: FailureKind { .transient }
    var description: String { "the destination of failures does not take a record: \(reason)" }
}
