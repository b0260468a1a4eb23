import HTTPClient

/// Asks what is on this machine or its link: the instance's metadata, the container's agent.
final class MetadataClient: Sendable {
    private let http: HTTPClient
    private let clock: AWSClock
    private let environment: AWSEnvironment

    init(_ environment: AWSEnvironment, _ clock: AWSClock) {
        var settings = HTTPClient.Settings()
        settings.usesProxies = false
        settings.bodyLimit = 1 << 20
        settings.timeout = .seconds(2)
        settings.connectTimeout = .seconds(1)
        http = HTTPClient(settings)
        self.clock = clock
        self.environment = environment
    }

    func send(_ request: HTTPClient.Request) throws(HTTPClientError) -> HTTPClient.Response {
        try http.send(request)
    }

    /// Sends a request up to three times, a second apart, until it is answered with 200; the last answer or error.
    func sendPatiently(
        _ request: () throws(AWSError) -> HTTPClient.Request
    ) throws(AWSError) -> Result<HTTPClient.Response, HTTPClientError> {
        for _ in 1..<3 {
            if case .success(let response) = attempt(try request()), response.status == 200 {
                return .success(response)
            }
            clock.sleep(.seconds(1))
        }
        return attempt(try request())
    }

    private func attempt(_ request: HTTPClient.Request) -> Result<HTTPClient.Response, HTTPClientError> {
        Result { () throws(HTTPClientError) in try http.send(request) }
    }

    // MARK: The instance

    /// A document of the instance's metadata service, by its second version.
    ///
    /// - Parameter path: below `/latest/meta-data/`.
    /// - Returns: nil where there is no such service, or it is switched off (`AWS_EC2_METADATA_DISABLED`).
    func instanceDocument(_ path: String) -> [UInt8]? {
        guard !environment.isTrue("AWS_EC2_METADATA_DISABLED") else { return nil }
        let base = instanceBase
        let lifetime = HTTPClient.Field("X-aws-ec2-metadata-token-ttl-seconds", "21600")
        let asked = HTTPClient.Request(
            "PUT",
            base + "/latest/api/token",
            fields: [lifetime],
            timeout: .seconds(1)
        )
        guard let token = try? http.send(asked), token.status == 200 else { return nil }
        let proof = HTTPClient.Field("X-aws-ec2-metadata-token", String(decoding: token.body, as: UTF8.self))
        let request = HTTPClient.Request(
            "GET",
            base + "/latest/meta-data/" + path,
            fields: [proof],
            timeout: .seconds(1)
        )
        guard let answer = try? http.send(request), answer.status == 200, !answer.body.isEmpty else {
            return nil
        }
        return answer.body
    }

    private var instanceBase: String {
        if let base = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] {
            return base.last == "/" ? String(base.dropLast()) : base
        }
        let isVersion6 = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]?.lowercased() == "ipv6"
        return isVersion6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
    }
}
