import JSONText
import LocalLambdaModel

extension MappingRecord {
    /// Settings that have no effect here and are shown as they were given.
    static let echoedNames = ["KMSKeyArn", "LoggingConfig", "MetricsConfig"]

    /// Settings of other sources, or without which a mapping would not be the same, and which are not here.
    private static let refusedNames = [
        "DocumentDBEventSourceConfig", "ParallelizationFactor", "Queues", "ScalingConfig",
        "TumblingWindowInSeconds",
    ]

    /// A new mapping by the members of a request, or of a document that holds the same.
    init(
        _ fields: RequestFields,
        id: EventSourceMappingID,
        function: FunctionReference,
        at milliseconds: Int64
    ) throws {
        let source = try KafkaEventSource(fields)
        guard let topics = try fields.strings("Topics"), topics.count == 1, Self.isTopic(topics[0]) else {
            throw ControlPlaneError.invalid(
                "A Kafka event source mapping has exactly one topic: 1 to 249 letters, digits, dots, hyphens and "
                    + "underscores, the first no dot."
            )
        }
        configuration = EventSourceMappingConfiguration(
            id: id,
            function: function,
            source: source,
            topic: topics[0],
            consumerGroup: try Self.consumerGroup(fields, source) ?? id.text,
            startingPosition: try EventSourceStartingPosition(fields),
            lastModifiedMilliseconds: milliseconds
        )
        try apply(fields)
    }

    /// Takes over what a request changes.
    mutating func apply(_ fields: RequestFields) throws {
        for name in Self.refusedNames where fields.has(name) {
            throw ControlPlaneError.invalid("\(name) is not for Kafka event source mappings.")
        }
        configuration.isEnabled = try fields.boolean("Enabled") ?? configuration.isEnabled
        configuration.batchSize = try fields.integer("BatchSize", 1...10_000) ?? configuration.batchSize
        configuration.batchingWindowSeconds =
            try fields.integer("MaximumBatchingWindowInSeconds", 0...300)
            ?? configuration.batchingWindowSeconds
        if let criteria = try fields.object("FilterCriteria") {
            configuration.filterPatterns = try Self.patterns(criteria)
        }
        if let access = try fields.objects("SourceAccessConfigurations") {
            configuration.sourceAccess = try SourceAccessConfiguration.list(access, of: configuration.source)
        }
        try applyPollers(fields)
        try applyErrorHandling(fields)
        for name in Self.echoedNames {
            if let value = fields.members[name] { echoed[name] = value }
        }
    }

    private mutating func applyPollers(_ fields: RequestFields) throws(ControlPlaneError) {
        guard let pollers = try fields.object("ProvisionedPollerConfig") else { return }
        // An empty object takes a mapping back to on-demand mode.
        guard !pollers.members.isEmpty else {
            configuration.provisionedPollers = nil
            return
        }
        let minimum = try pollers.integer("MinimumPollers", 1...200) ?? 1
        let maximum = try pollers.integer("MaximumPollers", 1...2_000) ?? max(200, minimum)
        guard minimum <= maximum else {
            throw .invalid("MinimumPollers (\(minimum)) must not be more than MaximumPollers (\(maximum)).")
        }
        configuration.provisionedPollers = ProvisionedPollers(
            minimum: minimum,
            maximum: maximum,
            group: try Self.pollerGroup(pollers)
        )
    }

    private static func pollerGroup(_ pollers: RequestFields) throws(ControlPlaneError) -> String? {
        let group = try pollers.string("PollerGroupName", 0...128)
        let isName = group?.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || "-_".utf8.contains(byte)
        }
        guard isName ?? true else {
            throw .invalid(
                "pollerGroupName",
                group ?? "",
                "Member must satisfy regular expression pattern: [a-zA-Z0-9-_]*"
            )
        }
        return group
    }

    private mutating func applyErrorHandling(_ fields: RequestFields) throws(ControlPlaneError) {
        configuration.maximumRetryAttempts =
            try fields.integer("MaximumRetryAttempts", -1...10_000) ?? configuration.maximumRetryAttempts
        if let age = try fields.integer("MaximumRecordAgeInSeconds", -1...604_800) {
            guard age == -1 || age >= 60 else {
                throw .invalid(
                    "maximumRecordAgeInSeconds",
                    "\(age)",
                    "Member must be -1, or between 60 and 604800"
                )
            }
            configuration.maximumRecordAgeSeconds = age
        }
        configuration.bisectsBatchOnFunctionError =
            try fields.boolean("BisectBatchOnFunctionError") ?? configuration.bisectsBatchOnFunctionError
        if let types = try fields.strings("FunctionResponseTypes") {
            guard types.allSatisfy({ $0 == "ReportBatchItemFailures" }), types.count <= 1 else {
                throw .invalid(
                    "functionResponseTypes",
                    "\(types)",
                    "Member must satisfy enum value set: [ReportBatchItemFailures]"
                )
            }
            configuration.reportsBatchItemFailures = !types.isEmpty
        }
        if let destinations = try fields.object("DestinationConfig") {
            configuration.onFailureDestination = try destination(destinations)
        }
        try checkProvisionedMode()
    }

    /// Source: "Configuring error handling controls for Kafka event sources" in AWS's Lambda Developer Guide.
    private func checkProvisionedMode() throws(ControlPlaneError) {
        guard configuration.provisionedPollers == nil else { return }
        let isUsed: [(name: String, isUsed: Bool)] = [
            ("MaximumRetryAttempts", configuration.maximumRetryAttempts != -1),
            ("MaximumRecordAgeInSeconds", configuration.maximumRecordAgeSeconds != -1),
            ("BisectBatchOnFunctionError", configuration.bisectsBatchOnFunctionError),
            ("FunctionResponseTypes", configuration.reportsBatchItemFailures),
            (
                "A Kafka topic as destination",
                configuration.onFailureDestination?.hasPrefix("kafka://") == true
            ),
        ]
        if let first = isUsed.first(where: \.isUsed) {
            throw .invalid(
                "\(first.name) of a Kafka event source mapping needs provisioned mode (ProvisionedPollerConfig)."
            )
        }
    }

    private func destination(_ fields: RequestFields) throws(ControlPlaneError) -> String? {
        guard let failure = try fields.object("OnFailure"),
            let text = try failure.string("Destination", 0...350),
            !text.isEmpty
        else { return nil }
        if text.hasPrefix("kafka://") {
            let topic = String(text.dropFirst("kafka://".count))
            guard Self.isTopic(topic), topic != configuration.topic else {
                throw .invalid("The destination \(text) is no topic, or the one that the mapping reads.")
            }
            return text
        }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", ["sqs", "sns", "s3"].contains(parts[2]), !parts[5].isEmpty
        else {
            throw .invalid(
                "The destination \(text) is no ARN of an SQS queue, an SNS topic or an S3 bucket, and no kafka://TOPIC."
            )
        }
        return text
    }

    static func isTopic(_ text: String) -> Bool {
        (1...249).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: ".")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    private static func consumerGroup(
        _ fields: RequestFields,
        _ source: KafkaEventSource
    ) throws(ControlPlaneError) -> String? {
        let name =
            source.clusterName == nil
            ? "SelfManagedKafkaEventSourceConfig" : "AmazonManagedKafkaEventSourceConfig"
        guard let settings = try fields.object(name) else { return nil }
        guard !settings.has("SchemaRegistryConfig") else {
            throw .invalid(
                "SchemaRegistryConfig is not supported by this local Lambda: records come as they are."
            )
        }
        guard try settings.string("ConsumptionMode") != "Queue" else {
            throw .invalid("ConsumptionMode Queue is not supported by this local Lambda.")
        }
        guard let group = try settings.string("ConsumerGroupId", 1...200) else { return nil }
        let others = Array("-/*:_+=.@".utf8)
        guard
            group.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) || others.contains($0)
            })
        else {
            throw .invalid(
                "consumerGroupId",
                group,
                "Member must satisfy regular expression pattern: [a-zA-Z0-9-\\/*:_+=.@-]*"
            )
        }
        return group
    }

    private static func patterns(_ criteria: RequestFields) throws(ControlPlaneError) -> [String] {
        let filters = try criteria.objects("Filters") ?? []
        guard filters.count <= filterLimit else {
            throw .invalid("A mapping may have \(filterLimit) filters at most; there are \(filters.count).")
        }
        var patterns: [String] = []
        for filter in filters {
            guard let pattern = try filter.string("Pattern", 0...4_096) else { continue }
            guard let value = try? JSONValue(Array(pattern.utf8)), value.object != nil else {
                throw .invalid("Invalid filter pattern definition: \(pattern)")
            }
            patterns.append(pattern)
        }
        return patterns
    }

    /// Filters of a mapping at most, as AWS has it without a raised quota.
    private static let filterLimit = 5
}
