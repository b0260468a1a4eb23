import Telemetry

/// Finds where a service is, in botocore's order: `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, the profile's
/// `services` section, the profile's `endpoint_url`, and else the region's own, of the variant that
/// `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT` ask for.
final class EndpointResolver: Sendable {
    private let environment: AWSEnvironment
    /// Instead of the environment's.
    private let chosenRegion: String?
    private let metadata: MetadataClient
    private let foundRegion = Locked<String?>(nil)
    private let locations = Locked<[Key: ServiceLocation]>([:])

    private struct Key: Hashable {
        var service: AWSService
        var region: String?
    }

    init(_ environment: AWSEnvironment, region: String?, _ metadata: MetadataClient) {
        self.environment = environment
        self.metadata = metadata
        chosenRegion = region
    }

    /// Found once for each service and region.
    ///
    /// - Parameter otherRegion: instead of the user's.
    func location(
        of service: AWSService,
        in otherRegion: String? = nil
    ) throws(AWSError) -> ServiceLocation {
        let key = Key(service: service, region: otherRegion)
        if let known = locations.withLock({ $0[key] }) { return known }
        let configured = try configured(service.identifier)
        let region = if let otherRegion { otherRegion } else { try region() }
        let variant = variant()
        guard configured == nil || variant == EndpointVariant() else {
            throw AWSError(
                .configuration,
                "\(service.identifier): FIPS and dual-stack endpoints exclude one of the user's own"
            )
        }
        let endpoint =
            if let configured { configured } else {
                Endpoint(host: try variant.host(of: service, in: region))
            }
        let location = ServiceLocation(endpoint: endpoint, region: region, isConfigured: configured != nil)
        locations.withLock { $0[key] = location }
        return location
    }

    /// `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT`, or what the profile says.
    private func variant() -> EndpointVariant {
        let profile = Profiles(environment).current
        func isWanted(_ name: String) -> Bool {
            let said = environment["AWS_\(name.uppercased())"] ?? profile[name]
            return said?.lowercased() == "true"
        }
        return EndpointVariant(
            isFIPS: isWanted("use_fips_endpoint"),
            isDualStack: isWanted("use_dualstack_endpoint")
        )
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

    private static func endpoint(_ url: String, from origin: String) throws(AWSError) -> Endpoint {
        if let endpoint = Endpoint(url) { return endpoint }
        throw AWSError(.configuration, "\(origin): '\(url)' is no address of the form http://HOST:PORT")
    }
}
