/// Calls of SQS, Amazon's queues (JSON 1.0).
public enum SQS {
    /// A message to send.
    public struct Message: Sendable, Hashable {
        public var body: String
        /// Attributes of type String.
        public var attributes: [String: String]
        /// Of a FIFO queue: messages of a group keep their order.
        public var groupID: String?
        /// Of a FIFO queue: within five minutes a second message with it is left out.
        public var deduplicationID: String?

        public init(
            body: String,
            attributes: [String: String] = [:],
            groupID: String? = nil,
            deduplicationID: String? = nil
        ) {
            self.body = body
            self.attributes = attributes
            self.groupID = groupID
            self.deduplicationID = deduplicationID
        }

        /// Bytes as SQS counts them: the body, and names, types and values of attributes.
        var byteCount: Int {
            attributes.reduce(body.utf8.count) {
                $0 + $1.key.utf8.count + $1.value.utf8.count + "String".utf8.count
            }
        }
    }
}
