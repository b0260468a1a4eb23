extension AWSClient {
    /// Publishes messages to a topic by PublishBatch, any number of them, in their order as long as none is refused.
    ///
    /// - Parameter limit: time for all of it; nil for the policy's alone.
    public func publish(
        _ messages: [SNS.Message],
        to topicARN: String,
        within limit: Duration? = nil
    ) -> BatchOutcome {
        send(messages, by: "sns PublishBatch", Self.messageLimits, size: \.byteCount, within: limit) {
            (batch, limit) throws(AWSError) in
            try send(SNS.PublishBatch(topicARN: topicARN, messages: batch), within: limit).failures
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
        send(messages, by: "sqs SendMessageBatch", Self.messageLimits, size: \.byteCount, within: limit) {
            (batch, limit) throws(AWSError) in
            try send(SQS.SendMessageBatch(queueURL: queueURL, messages: batch), within: limit).failures
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
        send(records, by: "kinesis PutRecords", Self.recordLimits, size: \.byteCount, within: limit) {
            (batch, limit) throws(AWSError) in
            try send(Kinesis.PutRecords(stream: stream, records: batch), within: limit).failures
        }
    }

    /// Source: "Amazon SNS quotas", "Amazon SQS message quotas". SQS takes more by now; this is what every queue takes.
    private static let messageLimits = BatchLimits(count: 10, bytes: 256 << 10, entryBytes: 256 << 10)
    private static let recordLimits = BatchLimits(
        count: Kinesis.recordLimit,
        bytes: Kinesis.callByteLimit,
        entryBytes: Kinesis.recordByteLimit
    )

    /// Sends entries in batches.
    ///
    /// - Parameter call: sends some of them, and tells which failed, by their positions among those.
    private func send<Entry>(
        _ entries: [Entry],
        by title: String,
        _ limits: BatchLimits,
        size: (Entry) -> Int,
        within limit: Duration?,
        _ call: ([Entry], Duration?) throws(AWSError) -> [Int: AWSError]
    ) -> BatchOutcome {
        sendBatches(title, Array(entries.indices), sizes: entries.map(size), limits, within: limit) {
            (positions, limit) throws(AWSError) in
            let failures = try call(positions.map { entries[$0] }, limit)
            return Dictionary(uniqueKeysWithValues: failures.map { (positions[$0.key], $0.value) })
        }
    }
}
