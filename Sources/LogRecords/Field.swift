/// One value of a record: where its key and its bytes are, and what it is.
///
/// Ranges are byte ranges of the record's text (``ParsedRecord/withText(_:)``).
public struct Field: Sendable, Hashable {
    /// What a value is.
    public enum Kind: UInt8, Sendable, Hashable {
        /// Absent, `null`, or the format's sign for absent (`-` in access logs, nothing in CSV).
        case null
        /// A number; `number` is not finite if the text is beyond what a Double can hold, or `NaN`.
        case number
        case bool
        case string
        /// A JSON object; its members are fields whose parent it is.
        case object
        /// A JSON array; its elements are fields whose parent it is.
        case array
    }

    /// Where the key's bytes are.
    enum KeySource: UInt8, Sendable, Hashable {
        /// In the record's text.
        case text
        /// In the record's key table, at index `keyStart`.
        case table
        /// Nowhere: an array's element, `keyStart` is its index.
        case element
    }

    var keyStart: UInt32
    var keyCount: UInt32
    var valueStart: UInt32
    var valueCount: UInt32
    /// The value of a number; 1 or 0 for a bool; 0 for all else.
    public internal(set) var number: Double
    var parentIndex: Int32
    public internal(set) var kind: Kind
    var keySource: KeySource
    /// Whether the value's bytes hold escapes that have to be decoded.
    public internal(set) var isEscaped: Bool
    var keyIsEscaped: Bool

    /// Whether it is a word without a value, as logfmt allows.
    var isBareWord: Bool { kind == .bool && keyStart == valueStart && keySource == .text }

    /// The position of the object or array that holds the field, or nil at the top.
    public var parent: Int? { parentIndex < 0 ? nil : Int(parentIndex) }

    /// The value's bytes, without its quotes.
    public var range: Range<Int> {
        Int(valueStart)..<(Int(valueStart) + Int(valueCount))
    }

    @inline(__always)
    init(
        key: Range<Int>,
        keyIsEscaped: Bool = false,
        value: Range<Int>,
        kind: Kind,
        number: Double = 0,
        parent: Int32 = -1,
        isEscaped: Bool = false
    ) {
        keyStart = UInt32(truncatingIfNeeded: key.lowerBound)
        keyCount = UInt32(truncatingIfNeeded: key.upperBound &- key.lowerBound)
        valueStart = UInt32(truncatingIfNeeded: value.lowerBound)
        valueCount = UInt32(truncatingIfNeeded: value.upperBound &- value.lowerBound)
        self.number = number
        parentIndex = parent
        self.kind = kind
        keySource = .text
        self.isEscaped = isEscaped
        self.keyIsEscaped = keyIsEscaped
    }
}
