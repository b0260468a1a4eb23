import DetectionPipeline
import KafkaClient
import KafkaConnector

/// Produces a demo's lines into the cluster and consumes them, in turn and on one
/// thread, so that production never runs further ahead than the cluster keeps.
final class DemoSource: RecordSource {
    private let consumer: KafkaRecordSource
    private let producer: KafkaProducer
    private let topic: String
    private let partitionCount: Int
    private let lines: DemoLines
    private var flow = MockFlowControl()
    private var isProduced = false
    private(set) var producedCount = 0
    private(set) var committedCount = 0
    private var committed: [KafkaTopicPartition: Int64] = [:]
    /// What is known of the lines that show an incident, by offset.
    private(set) var labels: [KafkaTopicPartition: [Int64: Label]] = [:]
    /// Lines that show each incident.
    private(set) var labelledCounts: [Int: Int] = [:]

    struct Label {
        var incident: Int
        /// 0 for the incident's first line.
        var ordinal: Int
    }

    /// Lines produced at a time.
    static let chunk = 1_000
    /// Time for the cluster to take a chunk.
    static let timeout: Duration = .seconds(20)

    init(
        _ consumer: KafkaRecordSource,
        producer: KafkaProducer,
        topic: String,
        partitionCount: Int,
        lines: DemoLines
    ) {
        self.consumer = consumer
        self.producer = producer
        self.topic = topic
        self.partitionCount = partitionCount
        self.lines = lines
    }

    func next() throws -> SourceEvent {
        if isProduced, committedCount == producedCount { return .end }
        if !isProduced, hasRoom { try produce() }
        return try consumer.next()
    }

    func begin(at offsets: [RecordStream: Int64]) throws -> [RecordStream: Int64] {
        try consumer.begin(at: offsets)
    }

    func commit(_ offsets: [RecordStream: Int64]) throws -> Bool {
        guard try consumer.commit(offsets) else { return false }
        for (stream, offset) in offsets {
            let partition = KafkaTopicPartition(stream.name, stream.partition)
            flow.consumed(upTo: offset, in: partition)
            committedCount += Int(offset - (committed[partition] ?? 0))
            committed[partition] = offset
        }
        return true
    }

    func close() throws {
        try consumer.close()
    }

    /// Whether every partition could take a whole chunk.
    private var hasRoom: Bool {
        (0..<Int32(partitionCount)).allSatisfy {
            flow.hasRoom(for: Self.chunk * 512, in: KafkaTopicPartition(topic, $0))
        }
    }

    private func produce() throws {
        let chunk = try lines.next(Self.chunk)
        guard !chunk.isEmpty else {
            isProduced = true
            return
        }
        var batch = KafkaProducerBatch(topic: topic)
        // A service's lines keep their order: they share a key, and so a partition.
        for line in chunk { batch.append(value: line.bytes, key: Array(line.service.utf8)) }
        for (line, delivery) in zip(chunk, producer.produce(batch, timeout: Self.timeout)) {
            switch delivery {
            case .failed(let error): throw error
            case .delivered(let number, let offset):
                let partition = KafkaTopicPartition(topic, number)
                flow.produced(line.bytes.count + line.service.utf8.count, in: partition, at: offset)
                if let incident = line.incident {
                    let ordinal = labelledCounts[incident, default: 0]
                    labels[partition, default: [:]][offset] = Label(incident: incident, ordinal: ordinal)
                    labelledCounts[incident] = ordinal + 1
                }
                producedCount += 1
            }
        }
    }
}
