/// Base64 by RFC 4648, section 4, strictly: whole groups of four, padding where it belongs and nowhere else, no other
/// bytes, and no bits behind the last byte. What was written otherwise was cut or is no base64.
public enum Base64 {
    /// Appends the bytes that `text[range]` stands for. O(n)
    ///
    /// - Precondition: `range` lies within `text`.
    /// - Throws: where it is not base64; `target` is then as before.
    public static func append(_ text: [UInt8], range: Range<Int>, to target: inout [UInt8])
        throws(Base64Error)
    {
        precondition(range.lowerBound >= 0 && range.upperBound <= text.count)
        guard !range.isEmpty else { return }
        guard range.count % 4 == 0 else {
            throw Base64Error(offset: range.count, "its length, \(range.count), is no multiple of four")
        }
        let padding = text[range].suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let start = target.count
        let count = range.count / 4 * 3
        target.append(contentsOf: repeatElement(0, count: count))
        let failure = text.withUnsafeBufferPointer { text in
            target.withUnsafeMutableBufferPointer { target in
                decode(
                    UnsafeBufferPointer(rebasing: text[range]),
                    padding: padding,
                    into: UnsafeMutableBufferPointer(rebasing: target[start...])
                )
            }
        }
        guard failure == nil else {
            target.removeLast(count)
            let offset = failure ?? 0
            throw Base64Error(
                offset: offset,
                "byte 0x\(String(text[range.lowerBound + offset], radix: 16)) at \(offset)"
            )
        }
        target.removeLast(padding)
    }

    public static func decode(_ text: [UInt8]) throws(Base64Error) -> [UInt8] {
        var bytes: [UInt8] = []
        try append(text, range: text.indices, to: &bytes)
        return bytes
    }

    public static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        let bytes = Array(bytes)
        append(encoding: bytes, range: bytes.indices, to: &text)
        return text
    }

    /// How long the base64 of so many bytes is.
    public static func encodedCount(_ byteCount: Int) -> Int { (byteCount + 2) / 3 * 4 }

    /// Appends the base64 of `bytes[range]`. O(n)
    ///
    /// - Precondition: `range` lies within `bytes`.
    public static func append(encoding bytes: [UInt8], range: Range<Int>, to text: inout [UInt8]) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        let start = text.count
        text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: encodedCount(range.count)))
        bytes.withUnsafeBufferPointer { bytes in
            text.withUnsafeMutableBufferPointer { text in
                encode(
                    UnsafeBufferPointer(rebasing: bytes[range]),
                    into: UnsafeMutableBufferPointer(rebasing: text[start...])
                )
            }
        }
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// The six bits of each byte; 64 for one that is no digit.
    private static let digits: [UInt8] = {
        var digits = [UInt8](repeating: 64, count: 256)
        for (value, byte) in alphabet.enumerated() { digits[Int(byte)] = UInt8(value) }
        return digits
    }()

    /// - Parameter text: four bytes for each three, filled with padding.
    private static func encode(
        _ bytes: UnsafeBufferPointer<UInt8>,
        into text: UnsafeMutableBufferPointer<UInt8>
    ) {
        alphabet.withUnsafeBufferPointer { alphabet in
            var (from, to) = (0, 0)
            while from < bytes.count {
                let kept = min(3, bytes.count - from)
                var word = UInt32(bytes[from]) << 16
                if kept > 1 { word |= UInt32(bytes[from &+ 1]) << 8 }
                if kept > 2 { word |= UInt32(bytes[from &+ 2]) }
                text[to] = alphabet[Int(word >> 18)]
                text[to &+ 1] = alphabet[Int(word >> 12 & 63)]
                if kept > 1 { text[to &+ 2] = alphabet[Int(word >> 6 & 63)] }
                if kept > 2 { text[to &+ 3] = alphabet[Int(word & 63)] }
                from &+= 3
                to &+= 4
            }
        }
    }

    /// - Parameters:
    ///   - text: whole groups, at least one, of which the last ends with `padding`.
    ///   - target: three bytes for each group.
    /// - Returns: where a byte is wrong; nil where none is.
    private static func decode(
        _ text: UnsafeBufferPointer<UInt8>,
        padding: Int,
        into target: UnsafeMutableBufferPointer<UInt8>
    ) -> Int? {
        digits.withUnsafeBufferPointer { digits in
            let groupCount = text.count / 4
            for group in 0..<groupCount {
                let isLast = group == groupCount - 1
                let kept = isLast ? 4 - padding : 4
                var word: UInt32 = 0
                // Any byte that is no digit sets bit 6 here.
                var seen: UInt8 = 0
                for position in 0..<4 {
                    let digit = position < kept ? digits[Int(text[4 &* group &+ position])] : 0
                    seen |= digit
                    word = word << 6 | UInt32(digit & 63)
                }
                if seen & 64 != 0 {
                    return (4 * group..<4 * group + kept).first { digits[Int(text[$0])] == 64 }
                }
                if isLast, word & (1 << UInt32(8 * padding) - 1) != 0 { return 4 * group + kept - 1 }
                target[3 &* group] = UInt8(truncatingIfNeeded: word >> 16)
                target[3 &* group &+ 1] = UInt8(truncatingIfNeeded: word >> 8)
                target[3 &* group &+ 2] = UInt8(truncatingIfNeeded: word)
            }
            return nil
        }
    }
}

/// Why text is not base64.
public struct Base64Error: Error, Sendable, Hashable, CustomStringConvertible {
    /// In bytes from the beginning of the text.
    public let offset: Int
    public let message: String

    /// The same text fails again.
    public var isRetriable: Bool { false }

    public var description: String { message }

    init(offset: Int, _ reason: String) {
        self.offset = offset
        message = "malformed base64: \(reason)"
    }
}
