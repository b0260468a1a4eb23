/// Writes JSON text (RFC 8259), members in the order given, on one line.
///
/// A number that is not finite becomes null, as JSON has none.
public struct JSONWriter: Sendable {
    public private(set) var text = ""
    private var needsComma = false

    public init() {}

    public mutating func object(_ key: String? = nil, _ members: (inout JSONWriter) throws -> Void) rethrows {
        begin(key)
        text += "{"
        needsComma = false
        try members(&self)
        text += "}"
        needsComma = true
    }

    public mutating func array(_ key: String? = nil, _ elements: (inout JSONWriter) throws -> Void) rethrows {
        begin(key)
        text += "["
        needsComma = false
        try elements(&self)
        text += "]"
        needsComma = true
    }

    public mutating func string(_ key: String? = nil, _ value: String?) {
        begin(key)
        if let value { text.appendJSONQuoted(value) } else { text += "null" }
        needsComma = true
    }

    public mutating func number(_ key: String? = nil, _ value: Double?) {
        begin(key)
        if let value, value.isFinite { text += Self.text(of: value) } else { text += "null" }
        needsComma = true
    }

    public mutating func integer(_ key: String? = nil, _ value: some BinaryInteger) {
        begin(key)
        text += String(value)
        needsComma = true
    }

    public mutating func boolean(_ key: String? = nil, _ value: Bool) {
        begin(key)
        text += value ? "true" : "false"
        needsComma = true
    }

    /// The shortest text that reads back as the same Double; whole numbers without
    /// a fraction.
    static func text(of value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }

    private mutating func begin(_ key: String?) {
        if needsComma { text += "," }
        guard let key else { return }
        text.appendJSONQuoted(key)
        text += ":"
    }
}
