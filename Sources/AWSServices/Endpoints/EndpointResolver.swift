/// Finds where a service is, in botocore's order: `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, the profile's
/// `services` section, the profile's `endpoint_url`, and else the region's own.
struct EndpointResolver: Sendable {
    let environment: AWSEnvironment
    /// Instead of the environment's.
    let chosenRegion: String?

    func location(of service: AWSService) throws(AWSError) -> ServiceLocation {
        let configured = try configured(service)
        let region = try region()
        let endpoint = configured ?? Self.regional(service, region: region)
        return ServiceLocation(endpoint: endpoint, region: region, isConfigured: configured != nil)
    }

    func region() throws(AWSError) -> String {
        if let chosenRegion { return chosenRegion }
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            if let region = environment[name] { return region }
        }
        throw AWSError(.configuration, "no AWS region is given; set AWS_REGION")
    }

    /// What the user has chosen; nil where nothing is.
    func configured(_ service: AWSService) throws(AWSError) -> Endpoint? {
        if environment.isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") { return nil }
        let names = ["AWS_ENDPOINT_URL_\(service.identifier.uppercased())", "AWS_ENDPOINT_URL"]
        for name in names {
            guard let url = environment[name] else { continue }
            return try Self.endpoint(url, from: name)
        }
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
