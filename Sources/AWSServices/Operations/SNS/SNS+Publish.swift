public import HTTPClient

extension SNS {
    /// Publishes one message of at most 256 KiB.
    public struct Publish: AWSOperation {
        public var topicARN: String
        public var message: Message

        public init(topicARN: String, message: Message) {
            self.topicARN = topicARN
            self.message = message
        }

        public struct Answer: Sendable, Hashable {
            public var messageID: String
        }

        public var service: AWSService { .sns }
        public var name: String { "Publish" }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            location.queryCall("Publish", version: version, [("TopicArn", topicARN)] + message.parameters())
        }

        public func answer(_ response: HTTPClient.Response) throws(AWSError) -> Answer {
            guard let id = try xml(response).firstDescendant("MessageId")?.text else {
                throw malformedAnswer("no MessageId in the answer")
            }
            return Answer(messageID: id)
        }
    }
}
