public import HTTPClient
import JSONText
import Telemetry

extension DynamoDB {
    /// Writes up to 25 items into one table, each by itself. ``AWSClient/putItems(_:into:key:within:)`` splits, and
    /// writes again what was not written.
    public struct BatchWriteItem: AWSOperation {
        public var tableName: String
        /// 25 at most, no two with the same key.
        public var items: [Item]

        public init(tableName: String, items: [Item]) {
            self.tableName = tableName
            self.items = items
        }

        public struct Answer: Sendable, Hashable {
            /// Those that were not written.
            public var unprocessed: [Item]
        }

        public var service: AWSService { .dynamoDB }
        public var name: String { "BatchWriteItem" }

        public func request(_ location: ServiceLocation) -> SignableRequest {
            location.jsonCall(.version10, "DynamoDB_20120810.BatchWriteItem") { json in
                json.object("RequestItems") { json in
                    json.array(tableName) { json in
                        for item in items {
                            json.object { json in
                                json.object("PutRequest") { Value.write(item, "Item", to: &$0) }
                            }
                        }
                    }
                }
            }
        }

        public func answer(_ response: HTTPClient.Response) throws(AWSError) -> Answer {
            let json = try json(response)
            // Under the table's name, or the ARN that it was given as.
            let requests = json["UnprocessedItems"]?.object?.values.flatMap { $0.array ?? [] } ?? []
            let items = requests.compactMap { ($0["PutRequest"]?["Item"]).flatMap(Value.item) }
            guard items.count == requests.count else {
                throw malformedAnswer("an unprocessed item that cannot be read")
            }
            return Answer(unprocessed: items)
        }
    }
}
