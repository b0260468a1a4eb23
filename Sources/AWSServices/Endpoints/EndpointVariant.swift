/// Which of a region's endpoints are asked for.
struct EndpointVariant: Sendable, Hashable {
    /// Those whose cryptography is validated by FIPS 140.
    var isFIPS = false
    /// Those that are reached by IPv6 too.
    var isDualStack = false

    /// The host of a service in a region. Source: the services' `endpoint-rule-set-1.json` in botocore.
    ///
    /// - Throws: where there is none.
    func host(of service: AWSService, in region: String) throws(AWSError) -> String {
        let partition = Partition.of(region: region)
        if service == .s3 {
            guard !isFIPS || partition != .china else {
                throw AWSError(.configuration, "S3 has no FIPS endpoint in the region \(region)")
            }
            let name = (isFIPS ? "s3-fips" : "s3") + (isDualStack ? ".dualstack" : "")
            return "\(name).\(region).\(partition.domain)"
        }
        let domain = isDualStack ? partition.dualStackDomain : partition.domain
        return "\(prefix(of: service, in: partition)).\(region).\(domain)"
    }

    private func prefix(of service: AWSService, in partition: Partition) -> String {
        let usual = service.endpointPrefix
        guard isFIPS else { return usual }
        // There the usual ones are validated.
        if !isDualStack, partition == .usGovernment, service != .lambda { return usual }
        if !isDualStack, partition == .commercial, service == .sageMakerRuntime {
            return "runtime-fips.sagemaker"
        }
        return usual + "-fips"
    }
}
