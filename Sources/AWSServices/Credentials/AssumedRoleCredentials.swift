/// The role that a profile names (`role_arn`), taken on with the credentials of another profile (`source_profile`), or
/// of the environment, the container or the instance (`credential_source`).
struct AssumedRoleCredentials: CredentialSource {
    private let context: CredentialContext
    private let profile: String
    /// The profiles on the way here, so that a circle ends.
    private let visited: [String]

    init(_ context: CredentialContext, profile: String, visited: [String] = []) {
        self.context = context
        self.profile = profile
        self.visited = visited + [profile]
    }

    var name: String { "assumed role" }

    func load() throws(AWSError) -> AWSCredentials? {
        guard let values = context.profiles.profile(profile), let role = values["role_arn"],
            values["web_identity_token_file"] == nil
        else { return nil }
        guard values["mfa_serial"] == nil else {
            throw context.error(
                "profile '\(profile)': its role wants a code (mfa_serial), which nobody can be asked for"
            )
        }
        let call = STS.AssumeRole(
            roleARN: role,
            sessionName: values["role_session_name"] ?? context.sessionName,
            externalID: values["external_id"],
            duration: values["duration_seconds"].flatMap { Int($0) }
        )
        return try context.client(try source(values)).send(call)
    }

    private func source(_ values: [String: String]) throws(AWSError) -> AWSCredentials {
        switch (values["source_profile"], values["credential_source"]) {
        case (let source?, nil): return try credentials(of: source)
        case (nil, let source?): return try credentials(from: source)
        case (nil, nil):
            throw context.error("profile '\(profile)': role_arn wants source_profile or credential_source")
        case (_?, _?):
            throw context.error(
                "profile '\(profile)': source_profile and credential_source exclude each other"
            )
        }
    }

    private func credentials(of source: String) throws(AWSError) -> AWSCredentials {
        guard let values = context.profiles.profile(source) else {
            throw context.error("profile '\(profile)': its source_profile '\(source)' does not exist")
        }
        let hasKeys = values["aws_access_key_id"] != nil || values["aws_secret_access_key"] != nil
        // A profile may name itself for its own keys.
        guard !visited.contains(source) || (source == profile && hasKeys) else {
            throw context.error("profile '\(profile)': source_profile goes in a circle at '\(source)'")
        }
        let isRole = values["role_arn"] != nil && values["web_identity_token_file"] == nil
        let sources: [any CredentialSource] =
            isRole && !hasKeys
            ? [AssumedRoleCredentials(context, profile: source, visited: visited)]
            : context.profileSources(source, readsEnvironment: false)
        for place in sources {
            if let credentials = try place.load() { return credentials }
        }
        throw context.error("profile '\(profile)': its source_profile '\(source)' has no credentials")
    }

    private func credentials(from source: String) throws(AWSError) -> AWSCredentials {
        let place: any CredentialSource
        switch source.lowercased() {
        case "environment": place = EnvironmentCredentials(environment: context.environment)
        case "ecscontainer": place = ContainerCredentials(context: context)
        case "ec2instancemetadata": place = InstanceMetadataCredentials(context: context)
        default:
            throw context.error(
                "profile '\(profile)': credential_source is '\(source)', and not Environment, EcsContainer or "
                    + "Ec2InstanceMetadata"
            )
        }
        if let credentials = try place.load() { return credentials }
        throw context.error(
            "profile '\(profile)': there are no credentials in its credential_source, \(source)"
        )
    }
}
