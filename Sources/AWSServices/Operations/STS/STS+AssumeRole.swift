public import HTTPClient

extension STS {
    /// Temporary credentials of a role, for somebody who has credentials.
    public struct AssumeRole: AWSOperation {
        public var roleARN: String
        public var sessionName: String
        public var externalID: String?
        /// Seconds that the credentials are good; nil for the role's own.
        public var duration: Int?

        public init(roleARN: String, sessionName: String, externalID: String? = nil, duration: Int? = nil) {
            self.roleARN = roleARN
            self.sessionName = sessionName
            self.externalID = externalID
            self.duration = duration
        }

        public var service: AWSService { .sts }
        public var name: String { "AssumeRole" }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            var parameters = [("RoleArn", roleARN), ("RoleSessionName", sessionName)]
            if let externalID { parameters.append(("ExternalId", externalID)) }
            if let duration { parameters.append(("DurationSeconds", String(duration))) }
            return location.queryCall(name, version: version, parameters)
        }

        public func answer(_ response: HTTPClient.Response) throws(AWSError) -> AWSCredentials {
            try credentials(response)
        }
    }
}
