import Telemetry

extension AWSClient {
    /// Writes items into a table by BatchWriteItem, any number of them.
    ///
    /// Of items with the same key the last one is written, as if all had been in their order.
    ///
    /// - Parameters:
    ///   - key: names of the attributes that the table's key is made of.
    ///   - limit: time for all of it; nil for the policy's alone.
    public func putItems(
        _ items: [DynamoDB.Item],
        into tableName: String,
        key: [String],
        within limit: Duration? = nil
    ) -> BatchOutcome {
        var lastPositions: [[DynamoDB.Value?]: Int] = [:]
        let keys = items.map { item in key.map { item[$0] } }
        for (position, key) in keys.enumerated() { lastPositions[key] = position }
        var outcome = sendBatches(
            "dynamodb BatchWriteItem",
            lastPositions.values.sorted(),
            sizes: items.map(DynamoDB.Value.storedByteCount),
            Self.dynamoDBLimits,
            within: limit
        ) { positions, limit throws(AWSError) in
            let call = DynamoDB.BatchWriteItem(tableName: tableName, items: positions.map { items[$0] })
            let unprocessed = try send(call, within: limit).unprocessed
            let leftKeys = Set(unprocessed.map { item in key.map { item[$0] } })
            let left = positions.filter { leftKeys.contains(keys[$0]) }
            guard left.count == leftKeys.count else {
                throw AWSError(
                    .invalidAnswer,
                    "dynamodb BatchWriteItem: an unprocessed item that was not sent"
                )
            }
            let error = AWSError(
                .throttled,
                "dynamodb BatchWriteItem: the table '\(tableName)' did not take all items",
                isRetriable: true
            )
            return Dictionary(uniqueKeysWithValues: left.map { ($0, error) })
        }
        for (position, key) in keys.enumerated() {
            if let last = lastPositions[key], last != position {
                outcome.failures[position] = outcome.failures[last]
            }
        }
        return outcome
    }

    /// Source: "Service, account, and table quotas in Amazon DynamoDB". The 16 MB are of the request as it is written,
    /// which for small values is several times as long as what is stored: a quarter leaves room for that.
    private static let dynamoDBLimits = BatchLimits(count: 25, bytes: 4 << 20, entryBytes: 400 << 10)
}
