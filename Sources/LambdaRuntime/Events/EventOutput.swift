import JSONText

/// Where an event's text goes: into a buffer, or only into a count. What writes to it does not know which, so that the
/// count is exact.
protocol EventOutput {
    mutating func put(_ text: StaticString)
    mutating func put(_ bytes: [UInt8])
    mutating func put(_ number: Int64)
    /// The base64 of `bytes[range]`.
    mutating func putBase64(_ bytes: [UInt8], _ range: Range<Int>)
}

/// Bytes that were not written. Every call is O(1), however long the text.
struct EventByteCount: EventOutput {
    private(set) var count = 0

    mutating func put(_ text: StaticString) { count += text.utf8CodeUnitCount }
    mutating func put(_ bytes: [UInt8]) { count += bytes.count }
    mutating func put(_ number: Int64) {
        count += number < 0 ? 2 : 1
        var rest = number.magnitude / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
    }
    mutating func putBase64(_ bytes: [UInt8], _ range: Range<Int>) {
        count += Base64.encodedCount(range.count)
    }
}

extension [UInt8]: EventOutput {
    mutating func put(_ text: StaticString) { text.withUTF8Buffer { append(contentsOf: $0) } }
    mutating func put(_ bytes: [UInt8]) { append(contentsOf: bytes) }
    mutating func put(_ number: Int64) { append(contentsOf: String(number).utf8) }
    mutating func putBase64(_ bytes: [UInt8], _ range: Range<Int>) {
        Base64.append(encoding: bytes, range: range, to: &self)
    }
}
