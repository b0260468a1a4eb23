import AWSServices
import KafkaClient

/// A way to log in to Kafka that needs more than properties of librdkafka's.
enum KafkaLogin: String, CaseIterable, Sendable {
    /// Amazon MSK with IAM: tokens signed with the credentials that AWS's tools would find too.
    case awsMSKIAM = "aws-msk-iam"

    /// The properties with those of the login, where they have none of their own.
    func applied(to properties: KafkaProperties) -> KafkaProperties {
        switch self {
        case .awsMSKIAM:
            var complete = properties.withDefaults([
                "security.protocol": "SASL_SSL", "sasl.mechanism": "OAUTHBEARER",
            ])
            complete.tokenProvider = { try Self.token(Self.client) }
            return complete
        }
    }

    /// One for all Kafka clients of the process, so that credentials are fetched once.
    private static let client = AWSClient()

    static func token(_ client: AWSClient) throws(AWSError) -> KafkaOAuthToken {
        let token = try client.mskAuthToken()
        return KafkaOAuthToken(
            value: token.value,
            expiryMilliseconds: token.expiryMilliseconds,
            principal: "timberline"
        )
    }
}
