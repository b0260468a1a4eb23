/// A role taken on with the token of an identity provider, such as Kubernetes' for a service account. The token's file
/// is read anew each time: it is renewed there.
struct WebIdentityCredentials: CredentialSource {
    let context: CredentialContext
    let profile: String
    let readsEnvironment: Bool

    var name: String { "web identity" }

    func load() throws(AWSError) -> AWSCredentials? {
        guard let path = value("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file") else { return nil }
        guard let role = value("AWS_ROLE_ARN", "role_arn") else {
            throw context.error(
                "there is a web identity token file, and no role for it: set AWS_ROLE_ARN or role_arn"
            )
        }
        guard let token = context.environment.file(path) else {
            throw context.error("the web identity token file '\(path)' cannot be read")
        }
        let call = STS.AssumeRoleWithWebIdentity(
            roleARN: role,
            sessionName: value("AWS_ROLE_SESSION_NAME", "role_session_name") ?? context.sessionName,
            token: token
        )
        return try context.client(nil).send(call)
    }

    private func value(_ variable: String, _ key: String) -> String? {
        if readsEnvironment, let value = context.environment[variable] { return value }
        return context.profiles.profile(profile)?[key]
    }
}
