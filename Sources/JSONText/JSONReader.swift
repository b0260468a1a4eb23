/// Reads JSON text (RFC 8259) value by value, in one pass, without building a tree.
///
/// The caller follows the text:
/// ```swift
/// try json.enterObject()
/// while let key = try json.nextKey() {
///     switch key {
///     case "offset": offset = try json.readInteger()
///     case "value": value = try json.readString()
///     default: try json.skipValue()
///     }
/// }
/// try json.finish()
/// ```
/// Nothing is allocated for a value: strings are places in the bytes (``JSONString``). All that is passed over is
/// checked against the grammar. Members come in the order of the text, one with a key that was there before too: who
/// assigns lets the last one hold. No comments, no byte order mark.
public struct JSONReader: Sendable {
    /// All that was given, also outside of the range.
    public let bytes: [UInt8]
    /// Where the next value, key or end is looked for, in bytes from the beginning.
    public internal(set) var offset: Int
    let end: Int
    private let maximumDepth: Int
    private var depth = 0
    /// Whether an object or array has been entered and nothing of it read.
    private var isFirst = false

    /// Objects and arrays inside each other.
    public static let standardDepth = 128

    /// - Parameters:
    ///   - range: the part of `bytes` that is the text; all if nil.
    ///   - maximumDepth: of objects and arrays inside each other.
    /// - Precondition: `range` lies within `bytes`.
    public init(_ bytes: [UInt8], range: Range<Int>? = nil, maximumDepth: Int = standardDepth) {
        let range = range ?? bytes.indices
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
        self.maximumDepth = maximumDepth
    }

    // MARK: Objects and arrays

    public mutating func enterObject() throws(JSONError) {
        try enter(UInt8(ascii: "{"), .object)
    }

    public mutating func enterArray() throws(JSONError) {
        try enter(UInt8(ascii: "["), .array)
    }

    /// The key of the object's next member, whose value must be read or skipped before the next call; nil at the
    /// object's end.
    public mutating func nextKey() throws(JSONError) -> JSONString? {
        guard try goOn(before: UInt8(ascii: "}")) else { return nil }
        let first = try nextByte()
        guard first == UInt8(ascii: "\"") else {
            throw JSONError(.malformed, at: offset, "expected a key, found \(Self.name(of: first))")
        }
        let key = try readString()
        try expect(UInt8(ascii: ":"), "a colon")
        return key
    }

    /// Whether the array has another element, which must be read or skipped before the next call.
    public mutating func nextElement() throws(JSONError) -> Bool {
        try goOn(before: UInt8(ascii: "]"))
    }

    /// To be called last: nothing but white space may be left.
    public mutating func finish() throws(JSONError) {
        skipWhiteSpace()
        guard offset == end else { throw JSONError(.malformed, at: offset, "there is more behind the value") }
    }

    private mutating func enter(_ bracket: UInt8, _ kind: JSONKind) throws(JSONError) {
        try check(kind)
        guard depth < maximumDepth else {
            throw JSONError(
                .tooDeep,
                at: offset,
                "more than \(maximumDepth) objects and arrays in each other"
            )
        }
        offset += 1
        depth += 1
        isFirst = true
    }

    /// Passes the comma before what comes next, or the bracket that ends it all.
    private mutating func goOn(before bracket: UInt8) throws(JSONError) -> Bool {
        if try nextByte() == bracket {
            offset += 1
            depth -= 1
            isFirst = false
            return false
        }
        if isFirst {
            isFirst = false
        } else {
            try expect(UInt8(ascii: ","), "a comma or '\(Character(Unicode.Scalar(bracket)))'")
        }
        return true
    }

    // MARK: Values

    /// The kind of the next value, which is not read yet.
    public mutating func nextKind() throws(JSONError) -> JSONKind {
        let byte = try nextByte()
        switch byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw JSONError(.malformed, at: offset, "no value begins with \(Self.name(of: byte))")
        }
    }

    /// Passes over null; reads nothing where the next value is another one.
    ///
    /// - Returns: whether it was null.
    public mutating func readNull() throws(JSONError) -> Bool {
        guard try nextKind() == .null else { return false }
        try expectWord("null")
        return true
    }

    public mutating func readBoolean() throws(JSONError) -> Bool {
        try check(.boolean)
        let value = bytes[offset] == UInt8(ascii: "t")
        try expectWord(value ? "true" : "false")
        return value
    }

    public mutating func readString() throws(JSONError) -> JSONString {
        try check(.string)
        offset += 1
        let start = offset
        var isEscaped = false
        while true {
            skipPlainCharacters()
            guard offset < end else { throw truncated() }
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                return JSONString(bytes, start..<offset - 1, isEscaped: isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                try skipEscape()
            default:
                throw JSONError(.malformed, at: offset, "a control character in a string")
            }
        }
    }

    /// Passes over the next value, whatever it is.
    ///
    /// - Returns: its place in the bytes.
    @discardableResult
    public mutating func skipValue() throws(JSONError) -> Range<Int> {
        let kind = try nextKind()
        let start = offset
        switch kind {
        case .object:
            try enterObject()
            while try nextKey() != nil { try skipValue() }
        case .array:
            try enterArray()
            while try nextElement() { try skipValue() }
        case .string: _ = try readString()
        case .number: _ = try scanNumber()
        case .boolean: _ = try readBoolean()
        case .null: try expectWord("null")
        }
        return start..<offset
    }
}

// MARK: - Bytes

extension JSONReader {
    /// The first byte behind white space, not yet passed.
    mutating func nextByte() throws(JSONError) -> UInt8 {
        skipWhiteSpace()
        guard offset < end else { throw truncated() }
        return bytes[offset]
    }

    /// Goes to the next value and refuses one of another kind.
    mutating func check(_ kind: JSONKind) throws(JSONError) {
        let found = try nextKind()
        guard found == kind else {
            throw JSONError(.unexpectedKind, at: offset, "expected \(kind.rawValue), found \(found.rawValue)")
        }
    }

    func truncated() -> JSONError { JSONError(.truncated, at: end, "the text ends too early") }

    private mutating func skipWhiteSpace() {
        while offset < end {
            switch bytes[offset] {
            case 0x20, 0x0a, 0x0d, 0x09: offset += 1
            default: return
            }
        }
    }

    private mutating func expect(_ byte: UInt8, _ name: String) throws(JSONError) {
        let found = try nextByte()
        guard found == byte else {
            throw JSONError(.malformed, at: offset, "expected \(name), found \(Self.name(of: found))")
        }
        offset += 1
    }

    private mutating func expectWord(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard offset < end else { throw truncated() }
            guard bytes[offset] == word.utf8Start[index] else {
                throw JSONError(.malformed, at: offset, "expected \(word)")
            }
            offset += 1
        }
    }

    /// Goes to the next quotation mark, backslash or control character, eight bytes at a time.
    private mutating func skipPlainCharacters() {
        let found = bytes.withUnsafeBytes { bytes in
            var offset = offset
            // Each load lies before `end`, which lies within the bytes.
            while offset + 8 <= end {
                let word = UInt64(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                )
                let special = Self.special(in: word)
                if special != 0 { return offset + special.trailingZeroBitCount / 8 }
                offset += 8
            }
            while offset < end, Self.isPlain(bytes[offset]) { offset += 1 }
            return offset
        }
        offset = found
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// A word whose lowest set bit lies in the first byte that ends a run of plain characters; 0 if none does.
    ///
    /// Source: Anderson, "Bit Twiddling Hacks", "Determine if a word has a byte less than n". A borrow may mark bytes
    /// above the first one, never below.
    private static func special(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        func below(_ bound: UInt64, _ word: UInt64) -> UInt64 { (word &- ones &* bound) & ~word }
        let quote = below(1, word ^ (ones &* 0x22))
        let backslash = below(1, word ^ (ones &* 0x5c))
        return (below(0x20, word) | quote | backslash) & (ones &* 0x80)
    }

    private mutating func skipEscape() throws(JSONError) {
        guard offset + 1 < end else { throw truncated() }
        switch bytes[offset + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
        case UInt8(ascii: "u"):
            guard offset + 6 <= end else { throw truncated() }
            guard (offset + 2..<offset + 6).allSatisfy({ bytes[$0].hexadecimalValue != nil }) else {
                throw JSONError(.malformed, at: offset, "\\u without four hexadecimal digits")
            }
            offset += 6
        default:
            throw JSONError(.malformed, at: offset, "an escape that JSON does not know")
        }
    }

    static func name(of byte: UInt8) -> String {
        (0x21..<0x7f).contains(byte)
            ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(String(byte, radix: 16))"
    }
}

extension UInt8 {
    /// The value of an ASCII hexadecimal digit; nil for another byte.
    var hexadecimalValue: UInt32? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
