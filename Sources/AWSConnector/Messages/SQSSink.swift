public import AWSServices
public import DetectionPipeline

/// Sends each record to an SQS queue, as JSON.
///
/// A FIFO queue leaves out what it was sent in the last five minutes; any other gets again what was under way when the
/// process was killed.
public final class SQSSink: ScoredRecordSink {
    private let client: AWSClient
    private let queueURL: String
    private var taken = TakenRecords()

    public init(_ client: AWSClient, queueURL: String) {
        self.client = client
        self.queueURL = queueURL
    }

    public var name: String { "sqs" }
    public var isIdempotent: Bool { MessageQueue.isFIFO(queueURL) }

    public func store(_ records: [ScoredRecord]) throws {
        try taken.store(records) { records in
            client.sendMessages(records.map(message), to: queueURL).failures
        }
    }

    private func message(of record: ScoredRecord) -> SQS.Message {
        var message = SQS.Message(
            body: ActionMessage.json(record),
            attributes: ActionMessage.attributes(record)
        )
        if isIdempotent {
            message.groupID = MessageQueue.groupID(record.identity.stream)
            message.deduplicationID = MessageQueue.deduplicationID(record.identity)
        }
        return message
    }
}
