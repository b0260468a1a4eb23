/// Calls of SNS, Amazon's notifications (query protocol: form and XML).
public enum SNS {
    /// A message to publish.
    public struct Message: Sendable, Hashable {
        public var text: String
        /// Of e-mails: at most 100 ASCII characters, no line break.
        public var subject: String?
        /// Attributes of type String, for filter policies.
        public var attributes: [String: String]
        /// Of a FIFO topic: messages of a group keep their order.
        public var groupID: String?
        /// Of a FIFO topic: within five minutes a second message with it is left out.
        public var deduplicationID: String?

        public init(
            text: String,
            subject: String? = nil,
            attributes: [String: String] = [:],
            groupID: String? = nil,
            deduplicationID: String? = nil
        ) {
            self.text = text
            self.subject = subject
            self.attributes = attributes
            self.groupID = groupID
            self.deduplicationID = deduplicationID
        }

        /// Bytes as SNS counts them: the text, and names, types and values of attributes.
        var byteCount: Int {
            attributes.reduce(text.utf8.count) {
                $0 + $1.key.utf8.count + $1.value.utf8.count + "String".utf8.count
            }
        }

        /// - Parameter prefix: of the parameters' names: `PublishBatchRequestEntries.member.1.`
        func parameters(_ prefix: String = "") -> [(String, String)] {
            var parameters = [("Message", text)]
            if let subject { parameters.append(("Subject", subject)) }
            if let groupID { parameters.append(("MessageGroupId", groupID)) }
            if let deduplicationID { parameters.append(("MessageDeduplicationId", deduplicationID)) }
            for (number, (name, value)) in attributes.sorted(by: { $0.key < $1.key }).enumerated() {
                let entry = "MessageAttributes.entry.\(number + 1)."
                parameters.append((entry + "Name", name))
                parameters.append((entry + "Value.DataType", "String"))
                parameters.append((entry + "Value.StringValue", value))
            }
            return parameters.map { (prefix + $0.0, $0.1) }
        }
    }

    static let version = "2010-03-31"
}
