import JSONText

/// An event of one of the sources that hand records to a function.
public enum LambdaEvent: Sendable, Hashable {
    /// Of Amazon MSK, or of any other Kafka.
    case kafka(KafkaEvent)
    case kinesis(KinesisEvent)
    case sqs(SQSEvent)
    case s3(S3Event)
    case cloudWatchLogs(CloudWatchLogsEvent)
    /// Of somebody who invokes the function.
    case direct(DirectEvent)

    /// Reads an event in one pass. O(bytes)
    public init(_ bytes: [UInt8]) throws(EventError) {
        var reader = EventReader(bytes)
        do throws(JSONError) {
            try reader.read()
        } catch {
            throw EventError(error)
        }
        self = try reader.event()
    }
}

/// What the top level of an event holds, whatever the order of its members.
private struct EventReader {
    private var json: JSONReader
    private var keys: [String] = []
    private var eventSource: String?
    private var eventSourceARN: String?
    private var bootstrapServers = ""
    private var partitions: [KafkaEvent.Partition]?
    private var directRecords: [DirectEvent.Record]?
    private var items: SourceItems?
    private var logs: CloudWatchLogsEvent?

    init(_ bytes: [UInt8]) {
        json = JSONReader(bytes)
    }

    mutating func read() throws(JSONError) {
        try json.enterObject()
        while let key = try json.nextKey() {
            keys.append(key.text)
            switch key {
            case "eventSource": eventSource = try json.readTextIfAny()
            case "eventSourceArn": eventSourceARN = try json.readTextIfAny()
            case "bootstrapServers": bootstrapServers = try json.readTextIfAny() ?? ""
            case "records":
                switch try json.nextKind() {
                case .object: partitions = try json.readKafkaPartitions()
                case .array: directRecords = try json.readDirectRecords()
                default: try json.skipValue()
                }
            case "Records" where try json.nextKind() == .array: items = try json.readSourceItems()
            case "awslogs" where try json.nextKind() == .object: logs = try json.readCloudWatchLogs()
            default: try json.skipValue()
            }
        }
        try json.finish()
    }

    func event() throws(EventError) -> LambdaEvent {
        if let partitions, eventSource.map(Self.kafkaSources.contains) ?? true {
            return .kafka(
                KafkaEvent(
                    eventSourceARN: eventSourceARN,
                    bootstrapServers: bootstrapServers,
                    partitions: partitions
                )
            )
        }
        if let directRecords { return .direct(DirectEvent(records: directRecords)) }
        if let logs { return .cloudWatchLogs(logs) }
        switch items {
        case .kinesis(let event): return .kinesis(event)
        case .sqs(let event): return .sqs(event)
        case .s3(let event): return .s3(event)
        case .unknown(let source):
            throw EventError(.unknown, "no records of the source '\(source)' are known; \(shown)")
        case nil: throw EventError(.unknown, "the event is of no source that is known; \(shown)")
        }
    }

    private static let kafkaSources = ["aws:kafka", "SelfManagedKafka"]

    private var shown: String {
        let list = keys.prefix(20).map { "'\($0.prefix(64))'" }.joined(separator: ", ")
        return keys.isEmpty ? "it has no keys" : "its keys are \(list)" + (keys.count > 20 ? ", …" : "")
    }
}

extension JSONReader {
    /// The text of a string; nil for null, or any other value.
    mutating func readTextIfAny() throws(JSONError) -> String? {
        guard try nextKind() == .string else {
            try skipValue()
            return nil
        }
        return try readString().text
    }
}
