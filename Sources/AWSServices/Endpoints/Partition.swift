/// A part of AWS with accounts and names of its own.
struct Partition: Hashable {
    /// What the names of its regions begin with.
    let regionPrefix: String
    /// The end of the names of its hosts.
    let domain: String
    /// The same of hosts that are reached by IPv6 too.
    let dualStackDomain: String

    private init(_ regionPrefix: String, _ domain: String, dualStack: String) {
        self.regionPrefix = regionPrefix
        self.domain = domain
        dualStackDomain = dualStack
    }

    static let commercial = Partition("", "amazonaws.com", dualStack: "api.aws")
    static let usGovernment = Partition("us-gov-", "amazonaws.com", dualStack: "api.aws")
    static let china = Partition("cn-", "amazonaws.com.cn", dualStack: "api.amazonwebservices.com.cn")

    /// Source: botocore's `partitions.json`.
    private static let others: [Partition] = [
        usGovernment, china,
        Partition("eusc-", "amazonaws.eu", dualStack: "api.amazonwebservices.eu"),
        Partition("us-iso-", "c2s.ic.gov", dualStack: "api.aws.ic.gov"),
        Partition("us-isob-", "sc2s.sgov.gov", dualStack: "api.aws.scloud"),
        Partition("us-isof-", "csp.hci.ic.gov", dualStack: "api.aws.hci.ic.gov"),
        Partition("eu-isoe-", "cloud.adc-e.uk", dualStack: "api.cloud-aws.adc-e.uk"),
    ]

    static func of(region: String) -> Partition {
        others.first { region.hasPrefix($0.regionPrefix) } ?? commercial
    }
}
