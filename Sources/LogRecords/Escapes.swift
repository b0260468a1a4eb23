/// Decoding of backslash escapes, as in JSON; unknown ones stay as they are.
enum Escapes {
    /// Appends the decoded bytes of `text[range]`. Half a surrogate pair becomes U+FFFD.
    static func append(_ text: PaddedBytes, _ range: Range<Int>, to bytes: inout [UInt8]) {
        var index = range.lowerBound
        while index < range.upperBound {
            let slash = text.firstIndex(of: UInt8(ascii: "\\"), from: index, to: range.upperBound)
            bytes.append(contentsOf: UnsafeBufferPointer(start: text.base + index, count: slash - index))
            guard slash < range.upperBound else { return }
            var decoded = Decoded()
            index = decode(text, at: slash, to: range.upperBound, into: &decoded)
            for offset in 0..<decoded.count { bytes.append(decoded[offset]) }
        }
    }

    /// Decodes `text[range]` to the front of `target`, which may be the same memory: the text never
    /// grows, so the writer stays behind the reader. Returns the number of bytes.
    static func decode(
        _ text: PaddedBytes,
        _ range: Range<Int>,
        toFrontOf target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var index = range.lowerBound
        var count = 0
        while index < range.upperBound {
            let slash = text.firstIndex(of: UInt8(ascii: "\\"), from: index, to: range.upperBound)
            let plain = slash - index
            UnsafeMutableRawPointer(target + count).copyMemory(from: text.base + index, byteCount: plain)
            count += plain
            guard slash < range.upperBound else { break }
            var decoded = Decoded()
            index = decode(text, at: slash, to: range.upperBound, into: &decoded)
            for offset in 0..<decoded.count { target[count + offset] = decoded[offset] }
            count += decoded.count
        }
        return count
    }

    /// Up to four bytes, lowest first.
    private struct Decoded {
        var word: UInt32 = 0
        var count = 0

        subscript(index: Int) -> UInt8 { UInt8(truncatingIfNeeded: word &>> UInt32(index &* 8)) }

        mutating func append(_ byte: UInt8) {
            word |= UInt32(byte) &<< UInt32(count &* 8)
            count &+= 1
        }
    }

    /// Decodes the escape at `start`, where the backslash is; returns the position behind it.
    private static func decode(
        _ text: PaddedBytes,
        at start: Int,
        to end: Int,
        into decoded: inout Decoded
    ) -> Int {
        guard start + 1 < end else {
            decoded.append(text[start])
            return start + 1
        }
        let byte = text[start + 1]
        switch byte {
        case UInt8(ascii: "n"): decoded.append(0x0a)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "r"): decoded.append(0x0d)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0c)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
        case UInt8(ascii: "u"): return decodeUnicode(text, at: start, to: end, into: &decoded)
        default:
            decoded.append(text[start])
            decoded.append(byte)
        }
        return start + 2
    }

    private static func decodeUnicode(
        _ text: PaddedBytes,
        at start: Int,
        to end: Int,
        into decoded: inout Decoded
    ) -> Int {
        guard let unit = codeUnit(text, at: start, to: end) else {
            decoded.append(text[start])
            return start + 1
        }
        var value = unit
        var next = start + 6
        if unit & 0xfc00 == 0xd800, let low = codeUnit(text, at: next, to: end), low & 0xfc00 == 0xdc00 {
            value = 0x10000 + (unit & 0x3ff) << 10 + (low & 0x3ff)
            next += 6
        }
        let scalar = Unicode.Scalar(value) ?? "\u{fffd}"
        for byte in String(scalar).utf8 { decoded.append(byte) }
        return next
    }

    /// The code unit of `\uXXXX` at `start`, or nil.
    private static func codeUnit(_ text: PaddedBytes, at start: Int, to end: Int) -> UInt32? {
        guard start + 6 <= end, text[start] == UInt8(ascii: "\\"), text[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var value: UInt32 = 0
        for index in (start + 2)..<(start + 6) {
            guard let digit = text[index].hexValue else { return nil }
            value = value << 4 | digit
        }
        return value
    }
}
