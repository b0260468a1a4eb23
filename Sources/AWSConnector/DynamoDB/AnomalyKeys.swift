import AnomalyDetection
import BinaryCoding
import DetectionPipeline

/// Where an anomaly lies in the table.
///
/// ```
/// pk   A#<service>#<yyyymmddhh>#<shard>            all of a service and an hour
/// sk   <time>#<topic>#<partition>#<offset>#<hash>  newest last; the same for the same record
/// tpk  T#<yyyymmddhhmm>#<shard>                    with sk, the key of the index by time
/// ```
///
/// Time is the record's own, UTC to the millisecond. The hash is of the record's identity, so that a topic that was made
/// again, or another cluster's, does not take an anomaly's place.
public struct AnomalyKeys: Sendable, Hashable {
    public var pk: String
    public var sk: String
    public var tpk: String

    /// The names of the table's key, in this order: partition key, sort key.
    public static let names = ["pk", "sk"]

    init(_ record: ScoredRecord, shardCount: Int) {
        let identity = record.identity
        let hash = stableHash(identity.description.utf8)
        let shard = Int(hash % UInt64(shardCount))
        let time = AnomalyTime(nanoseconds: Self.time(record))
        let service = Self.service(record)
        let digits = String(identity.offset)
        let offset = String(repeating: "0", count: max(0, 20 - digits.utf8.count)) + digits
        pk = Self.pk(service: service, hour: time.hour, shard: shard)
        sk =
            "\(time.text)#\(identity.stream.name)#\(identity.stream.partition)#\(offset)#\(String(hash, radix: 16))"
        tpk = Self.tpk(minute: time.minute, shard: shard)
    }

    static func pk(service: String, hour: String, shard: Int) -> String { "A#\(service)#\(hour)#\(shard)" }
    static func tpk(minute: String, shard: Int) -> String { "T#\(minute)#\(shard)" }

    /// The entity, or the topic where there is one model for all.
    static func service(_ record: ScoredRecord) -> String {
        record.verdict.entity.isEmpty ? record.identity.stream.name : record.verdict.entity
    }

    /// Nanoseconds since 1970: the record's own, or the broker's.
    static func time(_ record: ScoredRecord) -> Int64 {
        record.time ?? record.identity.timestampMilliseconds * 1_000_000
    }
}
