import Telemetry

/// Finds where a service is, in botocore's order: `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, the profile's
/// `services` section, the profile's `endpoint_url`, and else the region's own.
final class EndpointResolver: Sendable {
    private let environment: AWSEnvironment
    /// Instead of the environment's.
    private let chosenRegion: String?
    private let metadata: MetadataClient
    private let foundRegion = Locked<String?>(nil)
    private let locations = Locked<[AWSService: ServiceLocation]>([:])

    init(_ environment: AWSEnvironment, region: String?, _ metadata: MetadataClient) {
        self.environment = environment
        self.metadata = metadata
        chosenRegion = region
    }

    /// Found once for each service.
    func location(of service: AWSService) throws(AWSError) -> ServiceLocation {
        if let known = locations.withLock({ $0[service] }) { return known }
        let configured = try configured(service.identifier)
        let region = try region()
        let location = ServiceLocation(
            endpoint: configured ?? Self.regional(service, region: region),
            region: region,
            isConfigured: configured != nil
        )
        locations.withLock { $0[service] = location }
        return location
    }

    /// `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's region, or the instance's.
    func region() throws(AWSError) -> String {
        if let region = chosenRegion ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] {
            return region
        }
        if let region = foundRegion.withLock({ $0 }) { return region }
        let instance = { [metadata] in
            metadata.instanceDocument("placement/region").map { String(decoding: $0, as: UTF8.self) }
        }
        guard let region = Profiles(environment).current["region"] ?? instance() else {
            throw AWSError(.configuration, "no AWS region is given; set AWS_REGION")
        }
        foundRegion.withLock { $0 = region }
        return region
    }

    /// What the user has chosen; nil where nothing is.
    ///
    /// - Parameter identifier: of the service, in lower case: `sagemaker_runtime`.
    func configured(_ identifier: String) throws(AWSError) -> Endpoint? {
        if environment.isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") { return nil }
        for name in ["AWS_ENDPOINT_URL_\(identifier.uppercased())", "AWS_ENDPOINT_URL"] {
            if let url = environment[name] { return try Self.endpoint(url, from: name) }
        }
        let profiles = Profiles(environment)
        let place = "profile '\(profiles.name)'"
        if let url = try profiles.service(identifier)["endpoint_url"] {
            return try Self.endpoint(url, from: place)
        }
        if let url = profiles.current["endpoint_url"] { return try Self.endpoint(url, from: place) }
        return nil
    }

    /// The service's own endpoint in a region.
    static func regional(_ service: AWSService, region: String) -> Endpoint {
        Endpoint(host: "\(service.endpointPrefix).\(region).\(Partition.domain(ofRegion: region))")
    }

    private static func endpoint(_ url: String, from origin: String) throws(AWSError) -> Endpoint {
        if let endpoint = Endpoint(url) { return endpoint }
        throw AWSError(.configuration, "\(origin): '\(url)' is no address of the form http://HOST:PORT")
    }
}
