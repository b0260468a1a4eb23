import HTTPClient
import JSONText
import Telemetry

/// What sources of credentials work with.
struct CredentialContext: Sendable {
    let environment: AWSEnvironment
    let settings: AWSClient.Settings
    let clock: AWSClock
    let logger: Logger
    /// For what is on this machine or its link: no proxy, short time limits.
    let metadata: MetadataClient
    let endpoints: EndpointResolver

    init(_ settings: AWSClient.Settings, _ environment: AWSEnvironment, _ clock: AWSClock, _ logger: Logger) {
        self.settings = settings
        self.environment = environment
        self.clock = clock
        self.logger = logger
        metadata = MetadataClient(environment, clock)
        endpoints = EndpointResolver(environment, region: settings.region, metadata)
    }

    /// The user's files as they are now.
    var profiles: Profiles { Profiles(environment) }

    /// A client of STS.
    ///
    /// - Parameter credentials: nil for calls that are not signed.
    func client(_ credentials: AWSCredentials?) -> AWSClient {
        var settings = settings
        // STS answers in every region; without one, in the first.
        settings.region = (try? endpoints.region()) ?? "us-east-1"
        let provider: any AWSCredentialsProvider =
            credentials.map { FixedCredentials($0) } ?? CredentialChain([], clock: clock, logger: logger)
        return AWSClient(
            settings,
            environment: environment,
            credentials: provider,
            clock: clock,
            logger: logger
        )
    }

    func error(_ message: String) -> AWSError { AWSError(.credentials, message) }

    /// A name for a session that the user has not named.
    var sessionName: String { "timberline-\(clock.now() / 1000)" }

    /// A file of a cache, in JSON; nil where it is not there, or no JSON.
    func json(_ path: String) -> JSONValue? {
        environment.file(path).flatMap { try? JSONValue(Array($0.utf8)) }
    }
}
