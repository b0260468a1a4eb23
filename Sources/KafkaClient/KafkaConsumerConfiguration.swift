/// How a consumer joins its group and where it starts.
public struct KafkaConsumerConfiguration: Sendable {
    /// librdkafka's properties; those that the fields below stand for may not
    /// be in it with another value.
    public var properties: KafkaProperties
    /// The consumer group (`group.id`).
    public var group: String
    public var startingPosition: KafkaStartingPosition
    /// The name of this member through restarts (`group.instance.id`): a member
    /// that comes back within the session time finds its partitions again.
    public var staticMember: String?
    /// Whether headers are copied into the batches.
    public var readsHeaders: Bool
    /// Whether polls report `reachedEnd`.
    public var reportsPartitionEnd: Bool
    /// The most that one poll copies, in bytes of keys and values, give or take
    /// the last few records.
    public var maximumBatchBytes: Int
    /// How long questions to the broker may take that a rebalance needs
    /// (committed offsets, the offsets of a starting time).
    public var requestTimeout: Duration

    public init(
        properties: KafkaProperties,
        group: String,
        startingPosition: KafkaStartingPosition = .latest
    ) {
        self.properties = properties
        self.group = group
        self.startingPosition = startingPosition
        staticMember = nil
        readsHeaders = true
        reportsPartitionEnd = false
        maximumBatchBytes = 32 << 20
        requestTimeout = .seconds(10)
    }

    /// The whole of the properties that librdkafka gets.
    func librdkafkaProperties() throws(KafkaError) -> KafkaProperties {
        guard !group.isEmpty else {
            throw KafkaError(.invalidProperty, "group.id: a consumer group needs a name")
        }
        var own = [
            "group.id": group,
            "enable.auto.commit": "false",
            "enable.auto.offset.store": "false",
            "enable.partition.eof": "true",
            "auto.offset.reset": startingPosition.resetPolicy,
        ]
        own["group.instance.id"] = staticMember
        for (name, value) in own {
            try properties.refuse(name, otherThan: value, instead(of: name))
        }
        // The new protocol's assignors are the broker's; a client that names one is refused.
        let assignor =
            properties["group.protocol"] == "consumer" ? [:] : ["partition.assignment.strategy": "range"]
        return properties.merging(KafkaProperties(own)).withDefaults(assignor)
    }

    private func instead(of name: String) -> String {
        switch name {
        case "group.id": "name the group once only"
        case "auto.offset.reset": "set the starting position in its place"
        case "group.instance.id": "set the static member's name in its place"
        default: "leave it out: offsets are committed by hand, after the work"
        }
    }
}
