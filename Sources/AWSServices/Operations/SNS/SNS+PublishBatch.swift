public import HTTPClient

extension SNS {
    /// Publishes up to 10 messages. ``AWSClient/publish(_:to:within:)`` splits, and publishes again what was not taken.
    public struct PublishBatch: AWSOperation {
        public var topicARN: String
        /// 10 at most, 256 KiB together.
        public var messages: [Message]

        public init(topicARN: String, messages: [Message]) {
            self.topicARN = topicARN
            self.messages = messages
        }

        public struct Answer: Sendable, Hashable {
            /// Why messages were not taken, by their positions in `messages`.
            public var failures: [Int: AWSError]
        }

        public var service: AWSService { .sns }
        public var name: String { "PublishBatch" }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            var parameters = [("TopicArn", topicARN)]
            for (position, message) in messages.enumerated() {
                let prefix = "PublishBatchRequestEntries.member.\(position + 1)."
                parameters.append((prefix + "Id", String(position)))
                parameters += message.parameters(prefix)
            }
            return location.queryCall("PublishBatch", version: version, parameters)
        }

        public func answer(_ response: HTTPClient.Response) throws(AWSError) -> Answer {
            let xml = try xml(response)
            let failed = xml.firstDescendant("Failed")?.children ?? []
            var failures: [Int: AWSError] = [:]
            for entry in failed {
                guard let position = entry["Id"].flatMap({ Int($0.text) }),
                    messages.indices.contains(position)
                else { throw malformedAnswer("a failed message that was not sent") }
                failures[position] = AWSError(
                    entry: title,
                    code: entry["Code"]?.text,
                    message: entry["Message"]?.text,
                    isSendersFault: entry["SenderFault"]?.text == "true"
                )
            }
            let taken = xml.firstDescendant("Successful")?.children.count ?? 0
            guard failures.count + taken == messages.count else {
                throw malformedAnswer("it does not say of each message whether it was taken")
            }
            return Answer(failures: failures)
        }
    }
}
