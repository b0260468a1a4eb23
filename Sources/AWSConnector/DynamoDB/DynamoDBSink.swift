public import AWSServices
public import DetectionPipeline
public import Telemetry

/// Stores scored records in a DynamoDB table, each under a key that follows from its identity: storing it again changes
/// nothing. See ``AnomalyKeys`` for the table's keys.
public final class DynamoDBSink: ScoredRecordSink {
    public struct Settings: Sendable, Hashable {
        public var tableName: String
        /// Parts of each hour of a service: for more than 1,000 writes in a second. Readers must be told the same.
        public var shardCount = 1
        /// Age at which DynamoDB may remove an item, by the record's own time; nil for never.
        public var timeToLive: Duration?
        public var keepsLine = true

        public init(tableName: String) {
            self.tableName = tableName
        }
    }

    private let client: AWSClient
    private let settings: Settings
    private let logger: Logger
    private var taken = TakenRecords()

    public init(_ client: AWSClient, _ settings: Settings, logger: Logger = .silent) {
        precondition(settings.shardCount >= 1, "a table has at least one shard")
        self.client = client
        self.settings = settings
        self.logger = logger
    }

    public var name: String { "dynamodb" }

    public func store(_ records: [ScoredRecord]) throws {
        try taken.store(records) { records in
            let items = records.map { record in
                AnomalyItem.item(
                    record,
                    AnomalyKeys(record, shardCount: settings.shardCount),
                    settings: settings
                )
            }
            return client.putItems(items, into: settings.tableName, key: AnomalyKeys.names).failures
        }
        logger.info(
            "dynamodb_written",
            "Log successfully written to DynamoDB",
            ["table": .string(settings.tableName), "records": .integer(Int64(records.count))]
        )
    }

    /// Asks the table for nothing: finds out whether it is there, may be read, and has the keys that are written.
    public func check() throws(AWSError) {
        _ = try client.send(
            DynamoDB.Query(
                tableName: settings.tableName,
                keyCondition: "pk = :pk AND sk >= :sk",
                values: [":pk": .string("-"), ":sk": .string("-")],
                limit: 1
            )
        )
    }
}
