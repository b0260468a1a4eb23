/// A JSON value as a tree, for small answers of services. Large texts are for ``JSONReader``.
public enum JSONValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// A number written without fraction and exponent that 64 bits hold.
    case integer(Int64)
    /// Any other number.
    case double(Double)
    case string(String)
    case array([JSONValue])
    /// Of members with the same key the last one holds.
    case object([String: JSONValue])

    /// - Throws: where the bytes are anything but one value, with white space around it at most.
    public init(_ bytes: [UInt8], maximumDepth: Int = JSONReader.standardDepth) throws(JSONError) {
        var reader = JSONReader(bytes, maximumDepth: maximumDepth)
        self = try reader.readValue()
        try reader.finish()
    }

    /// The member of an object; nil where there is none, or the value is no object.
    public subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    public var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

    /// Any number.
    public var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }
}

extension JSONReader {
    /// The next value as a tree.
    public mutating func readValue() throws(JSONError) -> JSONValue {
        switch try nextKind() {
        case .object:
            var members: [String: JSONValue] = [:]
            try enterObject()
            while let key = try nextKey() { members[key.text] = try readValue() }
            return .object(members)
        case .array:
            var elements: [JSONValue] = []
            try enterArray()
            while try nextElement() { elements.append(try readValue()) }
            return .array(elements)
        case .string: return .string(try readString().text)
        case .number:
            let number = try scanNumber()
            if let integer = number.integer { return .integer(integer) }
            return .double(try double(of: number))
        case .boolean: return .boolean(try readBoolean())
        case .null:
            _ = try readNull()
            return .null
        }
    }
}
