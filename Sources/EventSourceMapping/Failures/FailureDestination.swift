/// Where a mapping sends what its function did not take (`OnFailure`).
public enum FailureDestination: Sendable, Hashable {
    /// A topic of the same cluster.
    case kafka(topic: String)
    /// A queue of SQS.
    case queue(url: String)
    /// A topic of SNS.
    case notifications(arn: String)
    /// A bucket of S3.
    case bucket(name: String)

    /// - Parameters:
    ///   - text: `kafka://TOPIC`, or the ARN of a queue, a topic of SNS or a bucket.
    ///   - sourceTopic: what the mapping reads.
    public init(_ text: String, sourceTopic: String) throws(FailureDestinationError) {
        if text.hasPrefix(Self.kafkaPrefix) {
            let topic = String(text.dropFirst(Self.kafkaPrefix.count))
            guard Self.isTopicName(topic) else {
                throw FailureDestinationError("\"\(topic)\" is no name of a topic")
            }
            guard topic != sourceTopic else {
                throw FailureDestinationError("the destination topic is the mapping's own topic")
            }
            self = .kafka(topic: topic)
            return
        }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(
            String.init
        )
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), !parts[5].isEmpty else {
            throw FailureDestinationError("\"\(text)\" is neither an ARN nor kafka://TOPIC")
        }
        switch parts[2] {
        case "sqs":
            let domain = parts[1] == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"
            self = .queue(url: "https://sqs.\(parts[3]).\(domain)/\(parts[4])/\(parts[5])")
        case "sns": self = .notifications(arn: text)
        case "s3": self = .bucket(name: parts[5])
        default:
            throw FailureDestinationError(
                "a Kafka event source sends failures to SQS, SNS, S3 or Kafka, not to \(parts[2])"
            )
        }
    }

    private static let kafkaPrefix = "kafka://"

    private static func isTopicName(_ text: String) -> Bool {
        (1...249).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

/// Why a destination is refused.
public struct FailureDestinationError: Error, Sendable, Hashable, CustomStringConvertible {
    public let message: String

    init(_ reason: String) {
        message = "Invalid destination of OnFailure: \(reason)"
    }

    /// The same destination is refused again.
    public var isRetriable: Bool { false }

    public var description: String { message }
}
