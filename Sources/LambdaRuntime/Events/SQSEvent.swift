import JSONText

/// Messages of a queue, standard or FIFO.
///
/// Source: AWS Lambda Developer Guide, "Using Lambda with Amazon SQS".
public struct SQSEvent: Sendable, Hashable {
    /// The bodies of all, in UTF-8.
    public var bytes: [UInt8] = []
    public var messages: [Message] = []

    /// One message. Its range is of the event's `bytes`.
    public struct Message: Sendable, Hashable {
        public var id: String
        public var queueARN: String
        public var body: Range<Int>
        /// When it was sent, milliseconds since 1970; 0 where that is not said.
        public var sent: Int64
        /// Of a FIFO queue: within it, order is kept.
        public var groupID: String?
        /// Of a FIFO queue.
        public var sequenceNumber: String?
    }
}

extension JSONReader {
    mutating func readSQSEvent() throws(JSONError) -> SQSEvent {
        var event = SQSEvent()
        try enterArray()
        while try nextElement() { try readSQSMessage(into: &event) }
        return event
    }

    private mutating func readSQSMessage(into event: inout SQSEvent) throws(JSONError) {
        let start = offset
        let bodyStart = event.bytes.count
        var message = SQSEvent.Message(id: "", queueARN: "", body: bodyStart..<bodyStart, sent: 0)
        try enterObject()
        while let key = try nextKey() {
            switch key {
            case "messageId": message.id = try readString().text
            case "eventSourceARN": message.queueARN = try readTextIfAny() ?? ""
            case "body": try readString().append(to: &event.bytes)
            case "attributes": try readAttributes(into: &message)
            default: try skipValue()
            }
        }
        guard !message.id.isEmpty else { throw JSONError(.malformed, at: start, "a message without its id") }
        message.body = bodyStart..<event.bytes.count
        event.messages.append(message)
    }

    private mutating func readAttributes(into message: inout SQSEvent.Message) throws(JSONError) {
        try enterObject()
        while let key = try nextKey() {
            switch key {
            case "SentTimestamp": message.sent = try readTextIfAny().flatMap { Int64($0) } ?? 0
            case "MessageGroupId": message.groupID = try readTextIfAny()
            case "SequenceNumber": message.sequenceNumber = try readTextIfAny()
            default: try skipValue()
            }
        }
    }
}
