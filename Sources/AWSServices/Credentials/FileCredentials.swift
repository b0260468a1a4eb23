/// Keys in `~/.aws/credentials`.
struct SharedFileCredentials: CredentialSource {
    let context: CredentialContext
    let profile: String

    var name: String { "shared credentials file" }

    func load() throws(AWSError) -> AWSCredentials? {
        try context.profiles.credentialsProfile(profile).flatMap { values throws(AWSError) in
            try AWSCredentials(values, place: "\(name), profile '\(profile)'")
        }
    }
}

/// Keys in `~/.aws/config`.
struct ConfigurationFileCredentials: CredentialSource {
    let context: CredentialContext
    let profile: String

    var name: String { "configuration file" }

    func load() throws(AWSError) -> AWSCredentials? {
        try context.profiles.configurationProfile(profile).flatMap { values throws(AWSError) in
            try AWSCredentials(values, place: "\(name), profile '\(profile)'")
        }
    }
}

extension AWSCredentials {
    /// From the values of a profile; nil where it has no key.
    fileprivate init?(_ values: [String: String], place: String) throws(AWSError) {
        guard let key = values["aws_access_key_id"] else { return nil }
        guard let secret = values["aws_secret_access_key"] else {
            throw AWSError(.credentials, "\(place): there is aws_access_key_id, and no aws_secret_access_key")
        }
        self.init(
            accessKeyID: key,
            secretAccessKey: secret,
            sessionToken: values["aws_security_token"] ?? values["aws_session_token"]
        )
    }
}
