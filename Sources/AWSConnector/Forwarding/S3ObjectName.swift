import DetectionPipeline
import Telemetry

/// Where the records of one hour of a batch are stored:
/// `TOPIC/year=2026/month=01/day=05/hour=10/TOPIC+PARTITION+OFFSET+TIMESTAMP.jsonl.gz`, with the hour (UTC), the offset and
/// the timestamp of the first of them.
///
/// The first record alone decides: whoever stores from the same one on has the same name.
struct S3ObjectName: Hashable {
    let key: String

    init(first record: RecordBatch.Record, _ stream: RecordStream, suffix: String) {
        let offset = String(record.offset)
        let padded = String(repeating: "0", count: max(0, 20 - offset.utf8.count)) + offset
        let file = "\(stream.name)+\(stream.partition)+\(padded)+\(record.timestampMilliseconds)\(suffix)"
        key = "\(stream.name)/\(Self.folder(milliseconds: record.timestampMilliseconds))/\(file)"
    }

    /// `year=2026/month=01/day=05/hour=10`
    private static func folder(milliseconds: Int64) -> String {
        let parts = timestampText(milliseconds: milliseconds).split { $0 == "-" || $0 == "T" || $0 == ":" }
        return zip(["year", "month", "day", "hour"], parts).map { "\($0)=\($1)" }.joined(separator: "/")
    }
}
