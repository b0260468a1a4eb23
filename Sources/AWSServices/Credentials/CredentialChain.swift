import Telemetry

/// The first of several sources that has credentials, which are kept and renewed before they end.
final class CredentialChain: AWSCredentialsProvider {
    private struct State {
        /// The source that the credentials came from: later ones come from there too.
        var source: (any CredentialSource)?
        var credentials: AWSCredentials?
        /// Not to be asked again before, in milliseconds since 1970, while the credentials are good.
        var nextRenewal: Int64 = 0
    }

    private let sources: [any CredentialSource]
    private let clock: AWSClock
    private let logger: Logger
    private let state = Locked(State())
    /// Held by the one thread that renews, so that others wait only when they have nothing.
    private let renewal = Locked<Void>(())

    /// How long before their end credentials are renewed, in milliseconds.
    static let margin: Int64 = 5 * 60_000
    /// How long after a renewal, also a failed one, credentials are used without another, in milliseconds.
    static let pause: Int64 = 60_000

    init(_ sources: [any CredentialSource], clock: AWSClock, logger: Logger) {
        self.sources = sources
        self.clock = clock
        self.logger = logger
    }

    func credentials() throws(AWSError) -> AWSCredentials {
        if let fresh = fresh() { return fresh }
        return try renewal.withLock { _ throws(AWSError) in
            // Somebody else may have renewed them meanwhile.
            if let fresh = fresh() { return fresh }
            return try renew()
        }
    }

    func drop(_ refused: AWSCredentials) -> Bool {
        state.withLock { state in
            if state.credentials == refused { state.credentials = nil }
            return true
        }
    }

    /// Kept ones that need no renewal now.
    private func fresh() -> AWSCredentials? {
        let now = clock.now()
        return state.withLock { state in
            guard let kept = state.credentials else { return nil }
            guard let expiry = kept.expiryMilliseconds, expiry - now <= Self.margin else { return kept }
            return expiry > now && now < state.nextRenewal ? kept : nil
        }
    }

    private func renew() throws(AWSError) -> AWSCredentials {
        do throws(AWSError) {
            let (source, credentials) = try load()
            // A source may give what ends soon, again and again.
            let next = clock.now() + Self.pause
            state.withLock { $0 = State(source: source, credentials: credentials, nextRenewal: next) }
            return credentials
        } catch {
            let now = clock.now()
            let old = state.withLock { state -> AWSCredentials? in
                state.nextRenewal = now + Self.pause
                return state.credentials
            }
            guard let old, let expiry = old.expiryMilliseconds, expiry > now else { throw error }
            logger.warning(
                "aws_credentials_not_renewed",
                "credentials cannot be renewed; the old ones are used until they end",
                ["reason": .string(error.message)]
            )
            return old
        }
    }

    private func load() throws(AWSError) -> (any CredentialSource, AWSCredentials) {
        if let source = state.withLock({ $0.source }) {
            if let credentials = try source.load() { return (source, credentials) }
            throw AWSError(.credentials, "the credentials are gone from where they were (\(source.name))")
        }
        for source in sources {
            if let credentials = try source.load() {
                logger.debug("aws_credentials_found", "credentials found", ["source": .string(source.name)])
                return (source, credentials)
            }
        }
        throw AWSError(
            .credentials,
            "there are no AWS credentials; looked in: " + sources.map(\.name).joined(separator: ", ")
        )
    }
}
