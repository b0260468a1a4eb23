/// Whose the functions are, as their ARNs say it.
public struct AWSLocation: Sendable, Hashable {
    /// `us-east-1`
    public var region: String
    /// Twelve digits.
    public var account: String

    public init(region: String = "us-east-1", account: String = "123456789012") {
        self.region = region
        self.account = account
    }

    /// `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`
    public func arn(_ service: String, _ resource: String) -> String {
        "arn:\(partition):\(service):\(region):\(account):\(resource)"
    }

    /// The part of AWS that the region belongs to.
    public var partition: String {
        if region.hasPrefix("cn-") { return "aws-cn" }
        return region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
    }
}
