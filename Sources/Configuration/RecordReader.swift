public import TypedValues

/// Reads one mapping of a list of records. What is asked for is what may stand there: any other key is
/// an error, with the nearest of those asked for.
public struct RecordReader {
    private let entries: [YAMLNode.Entry]
    private let mark: YAMLNode.Mark
    private let key: String
    private var known: [String] = []
    private(set) var isSound = true
    var context: FileContext

    init?(_ node: YAMLNode, _ key: String, _ context: inout FileContext) {
        guard case .mapping(let entries) = node.content else {
            context.record(.wrongShape, "must be a mapping, not \(node.kind)", key, node.mark)
            return nil
        }
        self.entries = entries
        self.key = key
        self.context = context
        mark = node.mark
    }

    /// The value of `name`; nil where it is absent, or wrong and recorded.
    public mutating func optional<Value>(_ name: String, _ type: ValueType<Value>) -> Value? {
        known.append(name)
        guard let entry = entries.first(where: { $0.key == name }) else { return nil }
        let value = context.value(entry.value, type, "\(key).\(name)")
        if value == nil { isSound = false }
        return value
    }

    /// The value of `name`, or the default.
    public mutating func value<Value>(_ name: String, _ type: ValueType<Value>, default value: Value) -> Value
    {
        optional(name, type) ?? value
    }

    /// The value of `name`, which must be there. Nil only where the record is refused.
    public mutating func required<Value>(_ name: String, _ type: ValueType<Value>) -> Value? {
        if !entries.contains(where: { $0.key == name }) {
            refuse("needs '\(name)'", .missingValue)
        }
        return optional(name, type)
    }

    /// Records an error of the reader's own about this record.
    public mutating func refuse(_ message: String) {
        refuse(message, .invalidValue)
    }

    private mutating func refuse(_ message: String, _ code: ConfigurationError.Code) {
        isSound = false
        context.record(code, message, key, mark)
    }

    /// Refuses the keys that were not asked for.
    mutating func finish() {
        for entry in entries where !known.contains(entry.key) {
            isSound = false
            context.record(.unknownKey, UnknownKey.message(entry.key, among: known), key, entry.keyMark)
        }
    }
}

enum UnknownKey {
    static func message(_ key: String, among names: [String]) -> String {
        let hint = ClosestName.of(key, in: names).map { "; did you mean '\($0)'?" } ?? ""
        return "there is no setting \(Quotation.quoted(key)) here\(hint)"
    }
}
