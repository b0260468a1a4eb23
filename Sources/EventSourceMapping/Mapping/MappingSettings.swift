public import LocalLambdaModel

/// A mapping's configuration, understood. An object, so that every record's question for it costs one reference.
public final class MappingSettings: Sendable {
    public let configuration: EventSourceMappingConfiguration
    let filter: RecordFilter
    let destination: FailureDestination?

    /// - Throws: `FilterPatternError`, or `FailureDestinationError`; each message is for an
    ///   `InvalidParameterValueException`.
    public init(_ configuration: EventSourceMappingConfiguration) throws {
        self.configuration = configuration
        filter = try RecordFilter(configuration.filterPatterns)
        destination = try configuration.onFailureDestination.map {
            try FailureDestination($0, sourceTopic: configuration.topic)
        }
    }

    /// Invocations with the same records that may fail before they are given up; nil for any number.
    ///
    /// Who asks for any number and for a destination gets ten retries, as on AWS: else nothing would ever arrive there.
    var attemptLimit: Int? {
        let retries = configuration.maximumRetryAttempts
        if retries >= 0 { return retries + 1 }
        return destination == nil ? nil : Self.retriesWithDestination + 1
    }

    private static let retriesWithDestination = 10

    /// Invocations at once at most; a partition has one.
    var concurrency: Int {
        let pollers = configuration.provisionedPollers.map { $0.maximum * Self.invocationsOfPoller }
        return min(pollers ?? .max, Self.threadLimit)
    }

    /// What a poller of Kafka's can have under way, by AWS's Lambda Developer Guide ("Provisioned mode").
    private static let invocationsOfPoller = 5
    /// Each invocation blocks a thread.
    private static let threadLimit = 500

    /// Whether a consumer of these settings can go on with `other`.
    func readsAlike(_ other: MappingSettings) -> Bool {
        let (one, two) = (configuration, other.configuration)
        return one.source == two.source && one.topic == two.topic && one.consumerGroup == two.consumerGroup
            && one.startingPosition == two.startingPosition && one.sourceAccess == two.sourceAccess
            && concurrency == other.concurrency
    }
}
