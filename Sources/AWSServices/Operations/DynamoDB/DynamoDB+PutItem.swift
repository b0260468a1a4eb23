public import HTTPClient
import Telemetry

extension DynamoDB {
    /// Writes one item, on a condition if there is one.
    public struct PutItem: AWSOperation {
        public var tableName: String
        public var item: Item
        /// `attribute_not_exists(pk)`, say. Not met, it is an error with the code `conditionFailed`.
        public var condition: String?
        /// What names with `#` in the condition stand for.
        public var names: [String: String]
        /// What names with `:` in the condition stand for.
        public var values: Item

        public init(
            tableName: String,
            item: Item,
            condition: String? = nil,
            names: [String: String] = [:],
            values: Item = [:]
        ) {
            self.tableName = tableName
            self.item = item
            self.condition = condition
            self.names = names
            self.values = values
        }

        public var service: AWSService { .dynamoDB }
        public var name: String { "PutItem" }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            location.jsonCall(.version10, "DynamoDB_20120810.PutItem") { json in
                json.string("TableName", tableName)
                Value.write(item, "Item", to: &json)
                if let condition { json.string("ConditionExpression", condition) }
                json.dynamoDBNames(names)
                if !values.isEmpty { Value.write(values, "ExpressionAttributeValues", to: &json) }
            }
        }

        public func answer(_ response: HTTPClient.Response) {}
    }
}
