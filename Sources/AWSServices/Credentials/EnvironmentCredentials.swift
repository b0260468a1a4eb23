/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SECURITY_TOKEN` or `AWS_SESSION_TOKEN`, and
/// `AWS_CREDENTIAL_EXPIRATION`.
struct EnvironmentCredentials: CredentialSource {
    let environment: AWSEnvironment

    var name: String { "environment" }

    func load() throws(AWSError) -> AWSCredentials? {
        guard let key = environment["AWS_ACCESS_KEY_ID"] else { return nil }
        guard let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
            throw AWSError(.credentials, "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not")
        }
        return AWSCredentials(
            accessKeyID: key,
            secretAccessKey: secret,
            sessionToken: environment["AWS_SECURITY_TOKEN"] ?? environment["AWS_SESSION_TOKEN"],
            expiryMilliseconds: environment["AWS_CREDENTIAL_EXPIRATION"].flatMap(InstantText.rfc3339)
        )
    }
}
