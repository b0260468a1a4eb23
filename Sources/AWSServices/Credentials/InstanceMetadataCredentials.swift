import JSONText

/// The role of an EC2 instance, from its metadata service, second version.
struct InstanceMetadataCredentials: CredentialSource {
    let context: CredentialContext

    var name: String { "instance metadata" }

    /// Nil where there is no such service, or the instance has no role.
    func load() -> AWSCredentials? {
        let folder = "iam/security-credentials/"
        guard let role = context.metadata.instanceDocument(folder),
            let document = context.metadata.instanceDocument(folder + String(decoding: role, as: UTF8.self)),
            let json = try? JSONValue(document),
            let found = AWSCredentials(json, token: "Token", expiry: "Expiration"),
            let expiry = found.expiryMilliseconds
        else { return nil }
        return AWSCredentials(
            accessKeyID: found.accessKeyID,
            secretAccessKey: found.secretAccessKey,
            sessionToken: found.sessionToken,
            // Where the service could not renew them in time, AWS goes on taking the old ones.
            expiryMilliseconds: max(expiry, context.clock.now() + 2 * CredentialChain.margin)
        )
    }
}
