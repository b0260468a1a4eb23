/// What the user's two files say: `~/.aws/config` and `~/.aws/credentials`, or those that `AWS_CONFIG_FILE` and
/// `AWS_SHARED_CREDENTIALS_FILE` name. A file that is not there is empty.
struct Profiles: Hashable {
    private let configuration: ProfileFile
    private let credentials: ProfileFile
    /// The profile in use: `AWS_DEFAULT_PROFILE`, `AWS_PROFILE`, or `default`.
    let name: String

    init(_ environment: AWSEnvironment) {
        configuration = ProfileFile(
            environment.file(environment["AWS_CONFIG_FILE"] ?? "~/.aws/config") ?? ""
        )
        credentials = ProfileFile(
            environment.file(environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials") ?? ""
        )
        name = environment["AWS_DEFAULT_PROFILE"] ?? environment["AWS_PROFILE"] ?? "default"
    }

    /// The values of a profile in both files, where the credentials file's come first; nil where neither has it.
    func profile(_ name: String) -> [String: String]? {
        let ours = configurationProfile(name)
        guard let theirs = credentialsProfile(name) else { return ours }
        return (ours ?? [:]).merging(theirs) { _, credentials in credentials }
    }

    /// In the configuration file alone.
    func configurationProfile(_ name: String) -> [String: String]? {
        let section =
            configuration.sections["profile \(name)"]
            ?? (name == "default" ? configuration.sections[name] : nil)
        return section?.values
    }

    /// In the credentials file alone.
    func credentialsProfile(_ name: String) -> [String: String]? { credentials.sections[name]?.values }

    /// The profile in use; empty where nothing is said of it.
    var current: [String: String] { profile(name) ?? [:] }

    func ssoSession(_ name: String) -> [String: String]? {
        configuration.sections["sso-session \(name)"]?.values
    }

    /// What the profile in use says of a service, in the services section that it names.
    func service(_ identifier: String) throws(AWSError) -> [String: String] {
        guard let services = current["services"] else { return [:] }
        guard let section = configuration.sections["services \(services)"] else {
            throw AWSError(.configuration, "profile '\(name)': there is no section [services \(services)]")
        }
        return section.nested[identifier] ?? [:]
    }
}
