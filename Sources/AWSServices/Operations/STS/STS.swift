import HTTPClient

/// Calls of STS, where temporary credentials come from (query protocol: form and XML).
public enum STS {
    static let version = "2011-06-15"
}

extension AWSOperation {
    /// The credentials in an answer of STS's.
    func credentials(_ response: HTTPClient.Response) throws(AWSError) -> AWSCredentials {
        guard let element = try xml(response).firstDescendant("Credentials"),
            let key = element["AccessKeyId"]?.text, let secret = element["SecretAccessKey"]?.text,
            let token = element["SessionToken"]?.text,
            let expiry = element["Expiration"].flatMap({ InstantText.rfc3339($0.text) })
        else { throw malformedAnswer("no whole credentials in the answer") }
        return AWSCredentials(
            accessKeyID: key,
            secretAccessKey: secret,
            sessionToken: token,
            expiryMilliseconds: expiry
        )
    }
}
