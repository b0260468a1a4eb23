/// The cluster that a mapping reads.
public enum KafkaEventSource: Sendable, Hashable {
    /// Amazon MSK: the cluster's ARN, `arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/ID`.
    case msk(arn: String)
    /// Any other: `HOST:PORT`, one or more.
    case selfManaged(servers: [String])

    /// The cluster's name in an ARN of MSK; nil for anything else.
    public var clusterName: String? {
        guard case .msk(let arn) = self else { return nil }
        return Self.clusterName(inARN: arn)
    }

    /// Nil where the text is no ARN of an MSK cluster.
    public static func clusterName(inARN arn: String) -> String? {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == "kafka",
            !parts[3].isEmpty, parts[4].utf8.count == 12,
            parts[4].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let resource = parts[5].split(separator: "/", omittingEmptySubsequences: false)
        guard resource.count == 3, resource[0] == "cluster", !resource[1].isEmpty, !resource[2].isEmpty else {
            return nil
        }
        return String(resource[1])
    }
}

/// Where a mapping begins in a partition of which its group has committed nothing.
public enum EventSourceStartingPosition: Sendable, Hashable {
    case latest
    case trimHorizon
    /// Milliseconds since 1970, UTC.
    case atTimestamp(Int64)

    /// As requests and answers have it.
    public var name: String {
        switch self {
        case .latest: "LATEST"
        case .trimHorizon: "TRIM_HORIZON"
        case .atTimestamp: "AT_TIMESTAMP"
        }
    }
}
