public import HTTPClient

extension STS {
    /// Temporary credentials of a role, for somebody who has a token of an identity provider. Not signed.
    public struct AssumeRoleWithWebIdentity: AWSOperation {
        public var roleARN: String
        public var sessionName: String
        /// Secret.
        public var token: String
        /// Seconds that the credentials are good; nil for the role's own.
        public var duration: Int?

        public init(roleARN: String, sessionName: String, token: String, duration: Int? = nil) {
            self.roleARN = roleARN
            self.sessionName = sessionName
            self.token = token
            self.duration = duration
        }

        public var service: AWSService { .sts }
        public var name: String { "AssumeRoleWithWebIdentity" }
        public var isSigned: Bool { false }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            var parameters = [
                ("RoleArn", roleARN), ("RoleSessionName", sessionName), ("WebIdentityToken", token),
            ]
            if let duration { parameters.append(("DurationSeconds", String(duration))) }
            return location.queryCall(name, version: version, parameters)
        }

        public func answer(_ response: HTTPClient.Response) throws(AWSError) -> AWSCredentials {
            try credentials(response)
        }
    }
}
