extension AWSClient {
    /// Publishes messages to a topic by PublishBatch, any number of them, in their order as long as none is refused.
    ///
    /// - Parameter limit: time for all of it; nil for the policy's alone.
    public func publish(
        _ messages: [SNS.Message],
        to topicARN: String,
        within limit: Duration? = nil
    ) -> BatchOutcome {
        sendBatches(
            "sns PublishBatch",
            Array(messages.indices),
            sizes: messages.map(\.byteCount),
            Self.messageLimits,
            within: limit
        ) { positions, limit throws(AWSError) in
            let call = SNS.PublishBatch(topicARN: topicARN, messages: positions.map { messages[$0] })
            return try send(call, within: limit).failures.atPositions(positions)
        }
    }

    /// Sends messages to a queue by SendMessageBatch, any number of them, in their order as long as none is refused.
    ///
    /// - Parameter limit: time for all of it; nil for the policy's alone.
    public func sendMessages(
        _ messages: [SQS.Message],
        to queueURL: String,
        within limit: Duration? = nil
    ) -> BatchOutcome {
        sendBatches(
            "sqs SendMessageBatch",
            Array(messages.indices),
            sizes: messages.map(\.byteCount),
            Self.messageLimits,
            within: limit
        ) { positions, limit throws(AWSError) in
            let call = SQS.SendMessageBatch(queueURL: queueURL, messages: positions.map { messages[$0] })
            return try send(call, within: limit).failures.atPositions(positions)
        }
    }

    /// Puts records into a stream by PutRecords, any number of them.
    ///
    /// - Parameter limit: time for all of it; nil for the policy's alone.
    public func putRecords(
        _ records: [Kinesis.Record],
        into stream: String,
        within limit: Duration? = nil
    ) -> BatchOutcome {
        sendBatches(
            "kinesis PutRecords",
            Array(records.indices),
            sizes: records.map(\.byteCount),
            Self.recordLimits,
            within: limit
        ) { positions, limit throws(AWSError) in
            let call = Kinesis.PutRecords(stream: stream, records: positions.map { records[$0] })
            return try send(call, within: limit).failures.atPositions(positions)
        }
    }

    /// Source: "Amazon SNS quotas", "Amazon SQS message quotas". SQS takes more by now; this is what every queue takes.
    private static let messageLimits = BatchLimits(count: 10, bytes: 256 << 10, entryBytes: 256 << 10)
    /// Source: "PutRecords", Amazon Kinesis Data Streams API Reference. Streams may be set to take more.
    private static let recordLimits = BatchLimits(count: 500, bytes: 5 << 20, entryBytes: 1 << 20)
}

extension [Int: AWSError] {
    /// From positions in one call to positions in all.
    fileprivate func atPositions(_ positions: [Int]) -> Self {
        Dictionary(uniqueKeysWithValues: map { (positions[$0.key], $0.value) })
    }
}
