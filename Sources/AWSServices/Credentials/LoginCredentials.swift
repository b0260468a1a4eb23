import JSONText

/// The credentials that `aws login` has put into its cache. They are good for a few minutes, and renewed by AWS's own
/// tools only.
struct LoginCredentials: CredentialSource {
    let context: CredentialContext
    let profile: String

    var name: String { "login" }

    func load() throws(AWSError) -> AWSCredentials? {
        guard let session = context.profiles.profile(profile)?["login_session"] else { return nil }
        let folder = context.environment["AWS_LOGIN_CACHE_DIRECTORY"] ?? "~/.aws/login/cache"
        let file = Hash.sha256(Array(session.utf8)).hexadecimal + ".json"
        guard let json = context.json("\(folder)/\(file)")?["accessToken"],
            let key = json["accessKeyId"]?.string,
            let secret = json["secretAccessKey"]?.string,
            let expiry = (json["expiresAt"]?.string).flatMap(InstantText.rfc3339)
        else { throw loginNeeded("there are no credentials of a login") }
        guard expiry > context.clock.now() else {
            throw loginNeeded("the credentials of the last login have ended")
        }
        return AWSCredentials(
            accessKeyID: key,
            secretAccessKey: secret,
            sessionToken: json["sessionToken"]?.string,
            expiryMilliseconds: expiry
        )
    }

    private func loginNeeded(_ reason: String) -> AWSError {
        context.error("profile '\(profile)': \(reason); run: aws login --profile \(profile)")
    }
}
