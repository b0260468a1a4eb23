import HTTPClient
import Retries
public import Telemetry

/// Calls services of AWS: finds them, signs requests, and tries again what may succeed later.
///
/// May be used from several threads at once. Calls block, each within its time limit. Credentials are renewed before
/// they end, and never written anywhere.
///
/// A call that was tried again may have been done twice: an answer can be lost on its way.
public final class AWSClient: Sendable {
    let settings: Settings
    let clock: AWSClock
    let logger: Logger
    let http: HTTPClient
    let budget: Locked<RetryBudget>
    private let credentials: any AWSCredentialsProvider
    private let endpoints: EndpointResolver
    private let skew = ClockSkew()
    private let bucketRegions = BucketRegions()
    /// On the clock's `uptime`; nil for none.
    let deadline = Locked<Duration?>(nil)

    /// A client for the environment that it runs in.
    ///
    /// - Parameters:
    ///   - environment: where credentials, region and endpoints come from.
    ///   - credentials: nil for those of the environment, in botocore's order: variables, a role that the profile
    ///     takes on, a web identity, sso, the shared credentials file, login, a program, the configuration file, the
    ///     container, the instance.
    public init(
        _ settings: Settings = Settings(),
        environment: AWSEnvironment = .process(),
        credentials: (any AWSCredentialsProvider)? = nil,
        clock: AWSClock = .system,
        logger: Logger = .silent
    ) {
        self.settings = settings
        self.clock = clock
        self.logger = logger
        var transport = settings.http
        transport.authorityFile = transport.authorityFile ?? environment["AWS_CA_BUNDLE"]
        http = HTTPClient(transport)
        budget = Locked(settings.budget)
        let context = CredentialContext(settings, environment, clock, logger)
        endpoints = context.endpoints
        self.credentials = credentials ?? CredentialChain(context.sources(), clock: clock, logger: logger)
    }

    /// Sends a call until it succeeds, fails for good, or the policy's patience is at an end.
    ///
    /// - Parameter limit: time for all attempts and what lies between; nil for the policy's alone.
    public func send<Operation: AWSOperation>(
        _ operation: Operation,
        within limit: Duration? = nil
    ) throws(AWSError) -> Operation.Answer {
        var attempts = Attempts(self, operation.title, within: limit)
        while true {
            do throws(AttemptFailure) {
                let answer = try attempt(operation, attempts)
                attempts.succeeded()
                return answer
            } catch {
                try attempts.failed(error)
            }
        }
    }

    private func attempt<Operation: AWSOperation>(
        _ operation: Operation,
        _ attempts: Attempts
    ) throws(AttemptFailure) -> Operation.Answer {
        let timeout = try asFailure { () throws(AWSError) in try attempts.timeout(operation.timeout) }
        let response = try exchange(operation, timeout: timeout) { request throws(HTTPClientError) in
            try http.send(request)
        }
        return try asFailure { () throws(AWSError) in try operation.answer(response) }
    }

    /// One attempt: signs the call's request, sends it, and sees whether the answer is a success.
    func exchange(
        _ operation: some AWSOperation,
        timeout: Duration?,
        _ transport: (HTTPClient.Request) throws(HTTPClientError) -> HTTPClient.Response
    ) throws(AttemptFailure) -> HTTPClient.Response {
        let signed = try asFailure { () throws(AWSError) in try sign(operation) }
        let response: HTTPClient.Response
        do throws(HTTPClientError) {
            response = try transport(signed.request.http(timeout: timeout))
        } catch {
            throw AttemptFailure(error: AWSError(error, operation.title))
        }
        guard (200..<300).contains(response.status) || response.status == operation.otherSuccess else {
            let error = AWSError(response, operation.title)
            let remedy = remedy(error, response, signed, bucket: operation.bucket)
            throw AttemptFailure(error: error, remedy: remedy)
        }
        return response
    }

    /// A request, and what it was signed with.
    private struct Signed {
        var request: SignableRequest
        var credentials: AWSCredentials?
        /// Milliseconds since 1970, UTC, by the service's clock as far as it is known.
        var time: Int64
        var region: String
    }

    private func sign(_ operation: some AWSOperation) throws(AWSError) -> Signed {
        let location = try endpoints.location(
            of: operation.service,
            in: operation.bucket.flatMap { bucketRegions[$0] }
        )
        var signed = Signed(
            request: try operation.request(location),
            time: clock.now() + skew.milliseconds,
            region: location.region
        )
        signed.request.path = location.endpoint.basePath + signed.request.path
        signed.request.set("User-Agent", "timberline")
        if operation.isSigned {
            let credentials = try credentials.credentials()
            signed.credentials = credentials
            operation.service.signer(region: location.region).sign(
                &signed.request,
                with: credentials,
                at: signed.time
            )
        }
        return signed
    }

    private func remedy(
        _ error: AWSError,
        _ answer: HTTPClient.Response,
        _ signed: Signed,
        bucket: String?
    ) -> AttemptFailure.Remedy? {
        if bucketRegions.learn(bucket, from: answer, errorCode: error.errorCode, region: signed.region) {
            return .bucketFound
        }
        if skew.correct(answer, errorCode: error.errorCode, signedAt: signed.time, now: clock.now()) {
            logger.warning(
                "aws_clock_skewed",
                "the service's clock differs from this machine's; requests are signed by the service's",
                ["ahead_seconds": .integer(skew.milliseconds / 1000)]
            )
            return .clockCorrected
        }
        let hasEnded = ["ExpiredToken", "ExpiredTokenException"].contains(error.errorCode)
        guard hasEnded, let used = signed.credentials, credentials.drop(used) else { return nil }
        return .credentialsDropped
    }

    func asFailure<Value>(_ body: () throws(AWSError) -> Value) throws(AttemptFailure) -> Value {
        do throws(AWSError) { return try body() } catch { throw AttemptFailure(error: error) }
    }

    /// Ends all calls, also those under way, with an error when so much time has passed: for a caller who has to answer
    /// by then. It stays until another is set; nil for none.
    public func setTimeLeft(_ time: Duration?) {
        let end = time.map { clock.uptime() + $0 }
        deadline.withLock { $0 = end }
    }

    /// What requests are signed with now; renewed where they end soon.
    public func currentCredentials() throws(AWSError) -> AWSCredentials { try credentials.credentials() }

    /// Where services are called.
    public func region() throws(AWSError) -> String { try endpoints.region() }
}
