import Telemetry

extension JSONWriter {
    /// What names with `#` in an expression stand for.
    mutating func dynamoDBNames(_ names: [String: String]) {
        guard !names.isEmpty else { return }
        object("ExpressionAttributeNames") { json in
            for (name, attribute) in names.sorted(by: { $0.key < $1.key }) { json.string(name, attribute) }
        }
    }
}
