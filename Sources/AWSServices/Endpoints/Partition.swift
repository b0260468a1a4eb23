/// A part of AWS with accounts and names of its own.
enum Partition {
    /// The end of the names of a region's hosts. Source: botocore's `partitions.json`.
    static func domain(ofRegion region: String) -> String {
        let domains = [
            ("cn-", "amazonaws.com.cn"),
            ("eusc-", "amazonaws.eu"),
            ("us-iso-", "c2s.ic.gov"),
            ("us-isob-", "sc2s.sgov.gov"),
            ("us-isof-", "csp.hci.ic.gov"),
            ("eu-isoe-", "cloud.adc-e.uk"),
        ]
        return domains.first { region.hasPrefix($0.0) }?.1 ?? "amazonaws.com"
    }
}
