extension DynamoDB.Value {
    /// Bytes as DynamoDB counts them for its limit of 400 KB an item. Source: "DynamoDB item sizes and formats", AWS.
    var storedByteCount: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .number(let digits): Self.numberByteCount(digits)
        case .binary(let bytes): bytes.count
        case .boolean, .null: 1
        case .list(let values): values.reduce(3) { $0 + 1 + $1.storedByteCount }
        case .map(let item): 3 + item.count + Self.storedByteCount(item)
        case .stringSet(let texts): texts.reduce(0) { $0 + $1.utf8.count }
        case .numberSet(let texts): texts.reduce(0) { $0 + Self.numberByteCount($1) }
        case .binarySet(let values): values.reduce(0) { $0 + $1.count }
        }
    }

    static func storedByteCount(_ item: DynamoDB.Item) -> Int {
        item.reduce(0) { $0 + $1.key.utf8.count + $1.value.storedByteCount }
    }

    /// Two digits a byte, one for the exponent, and one for a sign.
    private static func numberByteCount(_ digits: String) -> Int {
        min(digits.utf8.count / 2 + 3, 21)
    }
}
