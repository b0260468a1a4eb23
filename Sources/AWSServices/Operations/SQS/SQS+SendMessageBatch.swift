public import HTTPClient
import JSONText
import Telemetry

extension SQS {
    /// Sends up to 10 messages. ``AWSClient/sendMessages(_:to:within:)`` splits, and sends again what was not taken.
    public struct SendMessageBatch: AWSOperation {
        /// `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`
        public var queueURL: String
        /// 10 at most, 256 KiB together.
        public var messages: [Message]

        public init(queueURL: String, messages: [Message]) {
            self.queueURL = queueURL
            self.messages = messages
        }

        public struct Answer: Sendable, Hashable {
            /// Why messages were not taken, by their positions in `messages`.
            public var failures: [Int: AWSError]
        }

        public var service: AWSService { .sqs }
        public var name: String { "SendMessageBatch" }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            location.jsonCall(.version10, "AmazonSQS.SendMessageBatch") { json in
                json.string("QueueUrl", queueURL)
                json.array("Entries") { json in
                    for (position, message) in messages.enumerated() {
                        json.object { json in
                            json.string("Id", String(position))
                            json.string("MessageBody", message.body)
                            if let id = message.groupID { json.string("MessageGroupId", id) }
                            if let id = message.deduplicationID { json.string("MessageDeduplicationId", id) }
                            guard !message.attributes.isEmpty else { return }
                            json.object("MessageAttributes") { json in
                                for (name, value) in message.attributes.sorted(by: { $0.key < $1.key }) {
                                    json.object(name) { json in
                                        json.string("DataType", "String")
                                        json.string("StringValue", value)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }

        public func answer(_ response: HTTPClient.Response) throws(AWSError) -> Answer {
            let json = try json(response)
            var failures: [Int: AWSError] = [:]
            for entry in json["Failed"]?.array ?? [] {
                guard let position = entry["Id"]?.string.flatMap({ Int($0) }),
                    messages.indices.contains(position)
                else { throw malformedAnswer("a failed message that was not sent") }
                failures[position] = AWSError(
                    entry: title,
                    code: entry["Code"]?.string,
                    message: entry["Message"]?.string,
                    isSendersFault: entry["SenderFault"]?.boolean ?? false
                )
            }
            guard failures.count + (json["Successful"]?.array?.count ?? 0) == messages.count else {
                throw malformedAnswer("it does not say of each message whether it was taken")
            }
            return Answer(failures: failures)
        }
    }
}
