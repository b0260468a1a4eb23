/// A string of a JSON text: a place in its bytes, copied and decoded only when asked.
public struct JSONString: Sendable {
    private let bytes: [UInt8]
    private let range: Range<Int>
    private let isEscaped: Bool

    /// - Parameter range: between the quotation marks, by the grammar.
    init(_ bytes: [UInt8], _ range: Range<Int>, isEscaped: Bool) {
        self.bytes = bytes
        self.range = range
        self.isEscaped = isEscaped
    }

    public var isEmpty: Bool { range.isEmpty }

    /// Bytes as they are written, with escapes: an upper bound of what they mean.
    public var writtenByteCount: Int { range.count }

    /// Half a surrogate pair, and what is not UTF-8, become U+FFFD.
    public var text: String {
        isEscaped
            ? String(decoding: unescaped(), as: UTF8.self) : String(decoding: bytes[range], as: UTF8.self)
    }

    /// Appends the string in UTF-8, what is not UTF-8 as it is.
    public func append(to target: inout [UInt8]) {
        if isEscaped { target += unescaped() } else { target += bytes[range] }
    }

    /// Appends the bytes that the string holds in base64.
    ///
    /// - Throws: for anything but canonical base64; `target` is then as before.
    public func appendDecodedBase64(to target: inout [UInt8]) throws(Base64Error) {
        if isEscaped {
            let plain = unescaped()
            try Base64.append(plain, range: plain.indices, to: &target)
        } else {
            try Base64.append(bytes, range: range, to: &target)
        }
    }

    public static func == (string: Self, name: StaticString) -> Bool { name ~= string }

    /// So that a key can be looked at by `switch`. Costs no allocation, unless the string has escapes.
    public static func ~= (name: StaticString, string: Self) -> Bool {
        if string.isEscaped { return "\(name)" == string.text }
        guard string.range.count == name.utf8CodeUnitCount else { return false }
        for (index, byte) in zip(
            string.range,
            UnsafeBufferPointer(start: name.utf8Start, count: string.range.count)
        )
        where string.bytes[index] != byte {
            return false
        }
        return true
    }

    private func unescaped() -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == UInt8(ascii: "\\") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            // The reader has seen that the escape is whole.
            switch bytes[index + 1] {
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0c)
            case UInt8(ascii: "n"): result.append(0x0a)
            case UInt8(ascii: "r"): result.append(0x0d)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                index = appendScalar(at: index, to: &result)
                continue
            default: result.append(bytes[index + 1])
            }
            index += 2
        }
        return result
    }

    /// Decodes `\uXXXX`, or two of them that make one scalar.
    ///
    /// - Returns: the place behind.
    private func appendScalar(at index: Int, to result: inout [UInt8]) -> Int {
        let high = codeUnit(at: index)
        var value = high
        var next = index + 6
        if high & 0xfc00 == 0xd800, next + 6 <= range.upperBound, bytes[next] == UInt8(ascii: "\\"),
            bytes[next + 1] == UInt8(ascii: "u"), case let low = codeUnit(at: next), low & 0xfc00 == 0xdc00
        {
            value = 0x10000 + (high & 0x3ff) << 10 + (low & 0x3ff)
            next += 6
        }
        result.append(contentsOf: String(Unicode.Scalar(value) ?? "\u{fffd}").utf8)
        return next
    }

    private func codeUnit(at index: Int) -> UInt32 {
        bytes[index + 2..<index + 6].reduce(0) { $0 << 4 | ($1.hexadecimalValue ?? 0) }
    }
}
