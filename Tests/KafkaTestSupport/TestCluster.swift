import Foundation
public import KafkaClient

/// A Kafka for one test, whichever it is.
public struct TestCluster: Sendable {
    public let kafka: TestKafka
    /// The mock cluster, if it is one.
    public let mock: MockKafkaCluster?
    /// The real one, if the tests started it.
    public let real: RealKafka?

    init(kafka: TestKafka, mock: MockKafkaCluster?, real: RealKafka?) {
        self.kafka = kafka
        self.mock = mock
        self.real = real
    }

    /// A real cluster of the test's own.
    public init(_ real: RealKafka) {
        self.init(kafka: .real(real.version), mock: nil, real: real)
    }

    public var brokers: String {
        if case .external(let address) = kafka { return address }
        return mock?.brokers ?? real?.brokers ?? ""
    }

    public var properties: KafkaProperties { KafkaProperties(brokers: brokers) }

    /// A name that no other test has.
    public func uniqueName(_ stem: String) -> String {
        "\(stem)-\(UUID().uuidString.prefix(8).lowercased())"
    }

    /// Creates a topic with a name of its own.
    public func makeTopic(
        _ stem: String = "logs",
        partitions: Int = 1,
        replicas: Int = 1,
        settings: [String: String] = [:]
    ) throws -> String {
        let name = uniqueName(stem)
        if let mock {
            try mock.createTopic(name, partitions: partitions)
        } else {
            let admin = try KafkaAdmin(properties)
            try admin.createTopic(
                KafkaAdmin.NewTopic(
                    name,
                    partitions: Int32(partitions),
                    replicationFactor: Int32(replicas),
                    // Records of tests have times of their own, years ago: a broker that is up
                    // for half a minute would delete them as expired.
                    settings: settings.merging(["retention.ms": "-1"]) { given, _ in given }
                )
            )
        }
        return name
    }

    /// Produces text records, one for each line, and throws unless all arrive.
    public func produce(_ lines: [String], to topic: String, partition: Int32? = nil) throws {
        var batch = KafkaProducerBatch(topic: topic)
        for line in lines { batch.append(value: line.utf8, partition: partition) }
        let producer = try KafkaProducer(properties)
        for outcome in producer.produce(batch) {
            if let error = outcome.error { throw error }
        }
    }

    /// Stops the mock's brokers. Newer mocks close their port and bind it anew,
    /// which fails while a process being started holds a copy of the socket.
    public func stopMock() throws {
        try Spawning.lock.withLock { try mock?.stopBroker() }
    }

    /// A consumer that has subscribed to the topic from its beginning.
    public func makeConsumer(
        of topic: String,
        group: String? = nil,
        _ change: (inout KafkaConsumerConfiguration) -> Void = { _ in }
    ) throws -> KafkaConsumer {
        var configuration = KafkaConsumerConfiguration(
            properties: properties,
            group: group ?? uniqueName("group"),
            startingPosition: .earliest
        )
        // The mock takes as long for a rebalance as a session may be silent.
        if mock != nil { configuration.properties["session.timeout.ms"] = "5000" }
        change(&configuration)
        let consumer = try KafkaConsumer(configuration)
        try consumer.subscribe(.topics([topic]))
        return consumer
    }
}

extension KafkaConsumer {
    /// Polls until `done` says so of all events so far; throws after the time.
    @discardableResult
    public func poll(
        within seconds: Double = 30,
        maximumCount: Int = 10_000,
        until done: ([KafkaConsumerEvent]) -> Bool
    ) throws -> [KafkaConsumerEvent] {
        var events: [KafkaConsumerEvent] = []
        let end = Date().addingTimeInterval(seconds)
        while !done(events) {
            guard Date() < end else {
                throw RealKafkaError(
                    message: "still waiting after \(seconds) s; had \(events.map(\.summary))"
                )
            }
            events += try poll(maximumCount: maximumCount, timeout: .milliseconds(100))
        }
        return events
    }

    /// Polls until this many records have come.
    public func records(_ count: Int, within seconds: Double = 30) throws -> [KafkaConsumerEvent] {
        try poll(within: seconds) { $0.recordCount >= count }
    }
}

extension [KafkaConsumerEvent] {
    public var batches: [KafkaBatch] {
        compactMap { if case .records(let batch) = $0 { batch } else { nil } }
    }

    public var recordCount: Int { batches.reduce(0) { $0 + $1.entries.count } }

    /// The values as text, in the order of arrival.
    public var texts: [String] {
        batches.flatMap { batch in
            batch.entries.map { String(decoding: batch.value(of: $0) ?? [], as: UTF8.self) }
        }
    }

    public var assigned: [KafkaTopicPartition] {
        flatMap { event -> [KafkaTopicPartition] in
            if case .assigned(let partitions) = event { partitions } else { [] }
        }
    }

    public var revoked: [KafkaTopicPartition] {
        flatMap { event -> [KafkaTopicPartition] in
            if case .revoked(let partitions) = event { partitions } else { [] }
        }
    }

    public var failures: [KafkaError] {
        compactMap { if case .failed(let error) = $0 { error } else { nil } }
    }
}

extension KafkaConsumerEvent {
    /// In one line, for messages of tests.
    public var summary: String {
        switch self {
        case .records(let batch): "\(batch.entries.count) records of \(batch.source)"
        case .assigned(let partitions): "assigned \(partitions)"
        case .revoked(let partitions): "revoked \(partitions)"
        case .lost(let partitions): "lost \(partitions)"
        case .reachedEnd(let partition, let offset): "end of \(partition) at \(offset)"
        case .failed(let error): "failed: \(error)"
        }
    }
}
