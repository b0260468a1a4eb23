public import HTTPClient
import JSONText
import Telemetry

extension DynamoDB {
    /// Reads items of one partition key in the order of their sort key, one page.
    public struct Query: AWSOperation {
        public var tableName: String
        public var indexName: String?
        /// `pk = :pk AND sk >= :from`
        public var keyCondition: String
        public var filter: String?
        /// What names with `#` stand for.
        public var names: [String: String]
        /// What names with `:` stand for.
        public var values: Item
        /// Items that are looked at, before the filter.
        public var limit: Int?
        public var isAscending: Bool
        /// Where the last page ended.
        public var startKey: Item?
        public var isConsistent: Bool

        public init(
            tableName: String,
            indexName: String? = nil,
            keyCondition: String,
            filter: String? = nil,
            names: [String: String] = [:],
            values: Item,
            limit: Int? = nil,
            isAscending: Bool = true,
            startKey: Item? = nil,
            isConsistent: Bool = false
        ) {
            self.tableName = tableName
            self.indexName = indexName
            self.keyCondition = keyCondition
            self.filter = filter
            self.names = names
            self.values = values
            self.limit = limit
            self.isAscending = isAscending
            self.startKey = startKey
            self.isConsistent = isConsistent
        }

        public struct Answer: Sendable, Hashable {
            public var items: [Item]
            /// The `startKey` of the next page; nil at the end.
            public var nextKey: Item?
        }

        public var service: AWSService { .dynamoDB }
        public var name: String { "Query" }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            location.jsonCall(.version10, "DynamoDB_20120810.Query") { json in
                json.string("TableName", tableName)
                if let indexName { json.string("IndexName", indexName) }
                json.string("KeyConditionExpression", keyCondition)
                if let filter { json.string("FilterExpression", filter) }
                json.dynamoDBNames(names)
                Value.write(values, "ExpressionAttributeValues", to: &json)
                if let limit { json.integer("Limit", limit) }
                json.boolean("ScanIndexForward", isAscending)
                if isConsistent { json.boolean("ConsistentRead", true) }
                if let startKey { Value.write(startKey, "ExclusiveStartKey", to: &json) }
            }
        }

        public func answer(_ response: HTTPClient.Response) throws(AWSError) -> Answer {
            let json = try json(response)
            guard let listed = json["Items"]?.array else { throw malformedAnswer("no Items in the answer") }
            let items = listed.compactMap(Value.item)
            let nextKey = json["LastEvaluatedKey"].flatMap(Value.item)
            guard items.count == listed.count, nextKey != nil || json["LastEvaluatedKey"] == nil else {
                throw malformedAnswer("an item that cannot be read")
            }
            return Answer(items: items, nextKey: nextKey)
        }
    }
}
