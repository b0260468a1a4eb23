import AWSConnector
public import AWSServices
public import Configuration
public import DetectionPipeline
public import TypedValues

/// The settings of dead letters that go to AWS.
public enum DeadLetterSchema {
    public static let queue = Setting<String?>(
        "dead-letters.queue-url",
        ValueType.string.named("URL"),
        flag: "dead-letter-queue",
        help: "SQS queue for records that cannot be parsed."
    )
    public static let bucket = Setting<S3Location?>(
        "dead-letters.bucket",
        ValueType.s3Location,
        flag: "dead-letter-bucket",
        help: "S3 bucket for records that cannot be parsed: s3://BUCKET or s3://BUCKET/PREFIX."
    )

    /// Where dead letters go by these settings; nil where they say nothing. The queue comes before the bucket.
    public static func sink(
        _ configuration: EffectiveConfiguration,
        _ client: @autoclosure () -> AWSClient
    ) -> (any DeadLetterSink)? {
        if let url = configuration[queue] { return DeadLetterQueue(client(), queueURL: url) }
        guard let place = configuration[bucket] else { return nil }
        return DeadLetterBucket(client(), bucket: place.bucket, prefix: place.prefix)
    }
}

/// A bucket, and what all keys in it begin with.
public struct S3Location: Sendable, Hashable {
    public var bucket: String
    /// Empty, or ends with a slash.
    public var prefix: String
}

extension ValueType where Value == S3Location {
    /// `s3://BUCKET` or `s3://BUCKET/PREFIX`.
    public static var s3Location: ValueType {
        ValueType(placeholder: "s3://BUCKET/PREFIX", completion: .choices(["s3://"])) {
            (text: String) throws(ValueError) -> S3Location in
            let parts = text.dropFirst(5).split(
                separator: "/",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard text.hasPrefix("s3://"), let bucket = parts.first, !bucket.isEmpty else {
                throw ValueError(text, "is not of the form s3://BUCKET/PREFIX")
            }
            let prefix = parts.count > 1 ? String(parts[1]) : ""
            let isOpen = !prefix.isEmpty && !prefix.hasSuffix("/")
            return S3Location(bucket: String(bucket), prefix: prefix + (isOpen ? "/" : ""))
        } write: {
            "s3://\($0.bucket)/\($0.prefix)"
        }
    }
}
