/// The settings of a Kafka event source mapping.
public struct EventSourceMappingConfiguration: Sendable, Hashable {
    public var id: EventSourceMappingID
    /// Whom the batches go to, with the qualifier of the request.
    public var function: FunctionReference
    public var source: KafkaEventSource
    public var topic: String
    public var consumerGroup: String
    public var startingPosition: EventSourceStartingPosition
    /// 1 to 10,000 records.
    public var batchSize = 100
    /// 0 to 300 seconds; nil for the 500 ms that a mapping has unless it was given a window.
    public var batchingWindowSeconds: Int?
    /// A record goes to the function where one of them matches; all do where there is none. Each is JSON.
    public var filterPatterns: [String] = []
    public var sourceAccess: [SourceAccessConfiguration] = []
    /// Whether it is to run.
    public var isEnabled = true
    /// -1 for ever, else 0 to 10,000.
    public var maximumRetryAttempts = -1
    /// -1 for ever, else 60 to 604,800.
    public var maximumRecordAgeSeconds = -1
    public var bisectsBatchOnFunctionError = false
    /// Whether the function's answer names failed records (`ReportBatchItemFailures`).
    public var reportsBatchItemFailures = false
    /// ARN of a queue, a topic of SNS or a bucket, or `kafka://TOPIC`; nil for none.
    public var onFailureDestination: String?
    public var provisionedPollers: ProvisionedPollers?
    /// Of the last change, since 1970, UTC.
    public var lastModifiedMilliseconds: Int64

    public init(
        id: EventSourceMappingID,
        function: FunctionReference,
        source: KafkaEventSource,
        topic: String,
        consumerGroup: String,
        startingPosition: EventSourceStartingPosition,
        lastModifiedMilliseconds: Int64
    ) {
        self.id = id
        self.function = function
        self.source = source
        self.topic = topic
        self.consumerGroup = consumerGroup
        self.startingPosition = startingPosition
        self.lastModifiedMilliseconds = lastModifiedMilliseconds
    }

    /// The window in milliseconds, with the default applied.
    public var batchingWindowMilliseconds: Int { batchingWindowSeconds.map { $0 * 1_000 } ?? 500 }
}

/// Pollers of a mapping in provisioned mode.
public struct ProvisionedPollers: Sendable, Hashable {
    /// 1 to 200.
    public var minimum: Int
    /// 1 to 2,000.
    public var maximum: Int
    public var group: String?

    public init(minimum: Int = 1, maximum: Int = 200, group: String? = nil) {
        self.minimum = minimum
        self.maximum = maximum
        self.group = group
    }
}
