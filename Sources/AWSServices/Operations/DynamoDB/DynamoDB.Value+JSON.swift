import JSONText
import Telemetry

extension DynamoDB.Value {
    /// Writes it in DynamoDB's JSON, with its type as the only key: `{"S":"text"}`.
    func write(_ key: String?, to json: inout JSONWriter) {
        json.object(key) { json in
            switch self {
            case .string(let text): json.string("S", text)
            case .number(let digits): json.string("N", digits)
            case .binary(let bytes): json.string("B", Self.base64(bytes))
            case .boolean(let value): json.boolean("BOOL", value)
            case .null: json.boolean("NULL", true)
            case .list(let values):
                json.array("L") { json in for value in values { value.write(nil, to: &json) } }
            case .map(let members): Self.write(members, "M", to: &json)
            case .stringSet(let texts):
                json.array("SS") { json in for text in texts { json.string(nil, text) } }
            case .numberSet(let texts):
                json.array("NS") { json in for text in texts { json.string(nil, text) } }
            case .binarySet(let values):
                json.array("BS") { json in for value in values { json.string(nil, Self.base64(value)) } }
            }
        }
    }

    /// Members in the order of their names, so that the same item gives the same bytes.
    static func write(_ item: DynamoDB.Item, _ key: String?, to json: inout JSONWriter) {
        json.object(key) { json in
            for (name, value) in item.sorted(by: { $0.key < $1.key }) { value.write(name, to: &json) }
        }
    }

    /// Reads DynamoDB's JSON; nil for anything else.
    init?(_ json: JSONValue) {
        guard let (type, value) = json.object?.first, json.object?.count == 1 else { return nil }
        let read: DynamoDB.Value? =
            switch type {
            case "S": value.string.map { .string($0) }
            case "N": value.string.map { .number($0) }
            case "B": Self.bytes(value).map { .binary($0) }
            case "BOOL": value.boolean.map { .boolean($0) }
            case "NULL": .null
            case "L": Self.all(value.array) { DynamoDB.Value($0) }.map { .list($0) }
            case "M": Self.item(value).map { .map($0) }
            case "SS": Self.all(value.array) { $0.string }.map { .stringSet($0) }
            case "NS": Self.all(value.array) { $0.string }.map { .numberSet($0) }
            case "BS": Self.all(value.array) { Self.bytes($0) }.map { .binarySet($0) }
            default: nil
            }
        guard let read else { return nil }
        self = read
    }

    static func item(_ json: JSONValue) -> DynamoDB.Item? {
        guard let members = json.object else { return nil }
        var item: DynamoDB.Item = [:]
        for (name, member) in members {
            guard let value = DynamoDB.Value(member) else { return nil }
            item[name] = value
        }
        return item
    }

    private static func all<Value>(_ elements: [JSONValue]?, _ read: (JSONValue) -> Value?) -> [Value]? {
        guard let elements else { return nil }
        let values = elements.compactMap(read)
        return values.count == elements.count ? values : nil
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        String(decoding: Base64.encode(bytes), as: UTF8.self)
    }

    private static func bytes(_ json: JSONValue) -> [UInt8]? {
        json.string.flatMap { try? Base64.decode(Array($0.utf8)) }
    }
}
