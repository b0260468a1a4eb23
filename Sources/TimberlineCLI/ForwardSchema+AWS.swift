import AWSConnector
import Compression
import Configuration
import DetectionPipeline
import TypedValues

/// What only the targets on AWS have.
extension ForwardSchema {
    static let eventSourceARN = Setting<String?>(
        "forward.event-source-arn",
        ValueType.string.named("ARN"),
        flag: "event-source-arn",
        help:
            "The MSK cluster that a function's events name; without it they are those of a self-managed Kafka."
    )
    static let functionFailures = Setting<Int?>(
        "forward.function-failures",
        ValueType.integer(in: 1...10_000),
        flag: "function-failures",
        help:
            "How often a function may fail with the same records until the one to blame is searched for, and goes to "
            + "the dead letters; without it they are tried for ever."
    )
    static let partitionKey = Setting<KinesisPartitionKey>(
        "forward.partition-key",
        ValueType.choice,
        default: .key,
        flag: "partition-key",
        help: "What decides on the shard of Kinesis: Kafka's key, or topic and partition."
    )
    static let kinesisOrder = Setting<KinesisOrder>(
        "forward.kinesis-order",
        ValueType.choice,
        default: .strict,
        flag: "kinesis-order",
        help:
            "The order of records of a partition key: kept always, with one of them in a call; or but for throttling."
    )
    static let recordForm = Setting<ForwardedRecord>(
        "forward.record-form",
        ValueType.choice,
        default: .record,
        flag: "record-form",
        help: "A record in Kinesis and S3: a JSON object that says where it comes from, or its value alone."
    )
    static let compression = Setting<CompressionFormat>(
        "forward.compression",
        ValueType.choice,
        default: .gzip,
        flag: "compression",
        help: "How objects of S3 are compressed."
    )
}
