public import HTTPClient

extension STS {
    /// Whose credentials these are.
    public struct GetCallerIdentity: AWSOperation {
        public init() {}

        public struct Answer: Sendable, Hashable {
            /// Twelve digits.
            public var account: String
            public var arn: String
            public var userID: String
        }

        public var service: AWSService { .sts }
        public var name: String { "GetCallerIdentity" }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            location.queryCall(name, version: version, [])
        }

        public func answer(_ response: HTTPClient.Response) throws(AWSError) -> Answer {
            let xml = try xml(response)
            guard let account = xml.firstDescendant("Account")?.text,
                let arn = xml.firstDescendant("Arn")?.text,
                let userID = xml.firstDescendant("UserId")?.text
            else { throw malformedAnswer("no identity in the answer") }
            return Answer(account: account, arn: arn, userID: userID)
        }
    }
}
