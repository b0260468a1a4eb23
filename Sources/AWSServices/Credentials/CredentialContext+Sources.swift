extension CredentialContext {
    /// Where credentials are looked for, in botocore's order.
    func sources() -> [any CredentialSource] {
        let profile = profiles.name
        return [
            EnvironmentCredentials(environment: environment), AssumedRoleCredentials(self, profile: profile),
        ]
            + profileSources(profile, readsEnvironment: true)
            + [ContainerCredentials(context: self), InstanceMetadataCredentials(context: self)]
    }

    /// What a profile may hold by itself.
    ///
    /// - Parameter readsEnvironment: false for the source of another profile.
    func profileSources(_ profile: String, readsEnvironment: Bool) -> [any CredentialSource] {
        [
            WebIdentityCredentials(context: self, profile: profile, readsEnvironment: readsEnvironment),
            SSOCredentials(context: self, profile: profile),
            SharedFileCredentials(context: self, profile: profile),
            LoginCredentials(context: self, profile: profile),
            ProcessCredentials(context: self, profile: profile),
            ConfigurationFileCredentials(context: self, profile: profile),
        ]
    }
}
