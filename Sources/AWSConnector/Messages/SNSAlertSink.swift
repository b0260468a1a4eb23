public import AWSServices
public import DetectionPipeline

/// Publishes each record to an SNS topic: the subject for people, the text as JSON, attributes for filter policies.
///
/// A FIFO topic leaves out what it was told in the last five minutes; any other is told again of what was under way
/// when the process was killed.
public final class SNSAlertSink: ScoredRecordSink {
    private let client: AWSClient
    private let topicARN: String
    private var taken = TakenRecords()

    public init(_ client: AWSClient, topicARN: String) {
        self.client = client
        self.topicARN = topicARN
    }

    public var name: String { "sns" }
    public var isIdempotent: Bool { MessageQueue.isFIFO(topicARN) }

    public func store(_ records: [ScoredRecord]) throws {
        try taken.store(records) { records in
            client.publish(records.map(message), to: topicARN).failures
        }
    }

    private func message(of record: ScoredRecord) -> SNS.Message {
        var message = SNS.Message(
            text: ActionMessage.json(record),
            subject: ActionMessage.subject(record),
            attributes: ActionMessage.attributes(record)
        )
        if isIdempotent {
            message.groupID = MessageQueue.groupID(record.identity.stream)
            message.deduplicationID = MessageQueue.deduplicationID(record.identity)
        }
        return message
    }
}
