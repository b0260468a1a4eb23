public import AWSServices
import AnomalyDetection
public import DetectionPipeline

/// Reads stored records from the table that a ``DynamoDBSink`` writes, newest first, by Query alone: hour by hour of one
/// service, or minute by minute of all.
public final class AnomalyTableReader {
    /// Which records to read; every given condition must hold.
    public struct Condition: Sendable, Hashable {
        /// An entity, or a topic whose records have none; nil for all, which takes a query for each minute and shard.
        public var service: String?
        /// First instant, nanoseconds since 1970, included.
        public var since: Int64
        /// Last instant, excluded.
        public var until: Int64
        public var minimumScore = -Double.infinity
        /// Also records that were stored without being anomalous.
        public var includesNormal = false
        public var limit = Int.max

        public init(service: String?, since: Int64, until: Int64) {
            self.service = service
            self.since = since
            self.until = until
        }
    }

    /// Name of the index by time: `tpk` and `sk`, all attributes or only the keys.
    public static let indexName = "by-time"

    private let client: AWSClient
    private let tableName: String
    private let shardCount: Int

    /// - Parameter shardCount: as the sink has it.
    public init(_ client: AWSClient, tableName: String, shardCount: Int = 1) {
        self.client = client
        self.tableName = tableName
        self.shardCount = shardCount
    }

    /// Hands the records that match to `body`, newest first.
    ///
    /// - Parameter now: seconds since 1970; what may be removed by then is left out, though it be there still.
    public func forEach(_ condition: Condition, now: Int64, _ body: (ScoredRecord) throws -> Void) throws {
        var rest = condition.limit
        for bucket in AnomalyBuckets(condition) {
            guard rest > 0 else { return }
            var found: [(sk: String, record: ScoredRecord)] = []
            for shard in 0..<shardCount { found += try read(bucket, shard, condition, limit: rest, now: now) }
            found.sort { $0.sk > $1.sk }
            for (_, record) in found.prefix(rest) { try body(record) }
            rest -= min(rest, found.count)
        }
    }

    /// The newest records of one partition key.
    private func read(
        _ bucket: AnomalyBuckets.Element,
        _ shard: Int,
        _ condition: Condition,
        limit: Int,
        now: Int64
    ) throws -> [(sk: String, record: ScoredRecord)] {
        let first = AnomalyTime(nanoseconds: condition.since)
        // Up to the end of the millisecond: what is too late is left out below.
        let last = AnomalyTime(nanoseconds: condition.until.addingReportingOverflow(999_999).partialValue)
        var query = DynamoDB.Query(
            tableName: tableName,
            keyCondition: "\(bucket.keyName) = :key AND sk BETWEEN :first AND :last",
            values: [
                ":key": .string(bucket.key(shard)), ":first": .string(first.text),
                ":last": .string(last.text),
            ],
            isAscending: false
        )
        if bucket.isOfAllServices { query.indexName = Self.indexName }
        var found: [(sk: String, record: ScoredRecord)] = []
        repeat {
            let page = try client.send(query)
            for item in page.items {
                guard let sk = item.string("sk"), let record = try record(item),
                    matches(record, item, condition, now: now)
                else { continue }
                found.append((sk, record))
                if found.count == limit { return found }
            }
            query.startKey = page.nextKey
        } while query.startKey != nil
        return found
    }

    /// An index may hold the keys alone: the rest is in the table.
    private func record(_ item: DynamoDB.Item) throws -> ScoredRecord? {
        if let record = AnomalyItem.record(item) { return record }
        guard let pk = item["pk"], let sk = item["sk"] else { return nil }
        let answer = try client.send(
            DynamoDB.Query(
                tableName: tableName,
                keyCondition: "pk = :pk AND sk = :sk",
                values: [":pk": pk, ":sk": sk]
            )
        )
        return answer.items.first.flatMap(AnomalyItem.record)
    }

    private func matches(
        _ record: ScoredRecord,
        _ item: DynamoDB.Item,
        _ condition: Condition,
        now: Int64
    ) -> Bool {
        let time = AnomalyKeys.time(record)
        return (condition.since..<condition.until).contains(time)
            && record.verdict.score >= condition.minimumScore
            && (record.verdict.isAnomalous || condition.includesNormal)
            && item.integer("ttl").map { $0 > now } ?? true
    }
}
