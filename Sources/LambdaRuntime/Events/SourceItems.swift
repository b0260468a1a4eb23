import JSONText

/// The elements of `Records`, which several sources have.
enum SourceItems {
    case kinesis(KinesisEvent)
    case sqs(SQSEvent)
    case s3(S3Event)
    /// Of another source, by its name.
    case unknown(String)
}

extension JSONReader {
    /// Reads the array by the source that its first element names.
    mutating func readSourceItems() throws(JSONError) -> SourceItems {
        var ahead = self
        switch try ahead.firstSource() {
        case "aws:kinesis": return .kinesis(try readKinesisEvent())
        case "aws:sqs": return .sqs(try readSQSEvent())
        case "aws:s3": return .s3(try readS3Event())
        case let source:
            try skipValue()
            return .unknown(source ?? "")
        }
    }

    private mutating func firstSource() throws(JSONError) -> String? {
        try enterArray()
        guard try nextElement(), try nextKind() == .object else { return nil }
        try enterObject()
        while let key = try nextKey() {
            switch key {
            // Amazon SNS writes a capital letter.
            case "eventSource", "EventSource": return try readTextIfAny()
            default: try skipValue()
            }
        }
        return nil
    }
}
