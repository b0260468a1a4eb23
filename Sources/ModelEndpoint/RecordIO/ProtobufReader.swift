/// Reads a message of protocol buffers field by field; every read is checked against the end.
///
/// Source: "Protocol Buffers: Encoding", protobuf.dev.
struct ProtobufReader {
    enum WireType: UInt64 {
        case varint = 0
        case eightBytes = 1
        case counted = 2
        case fourBytes = 5
    }

    struct Malformed: Error {
        var offset: Int
        var reason: String
    }

    private let bytes: [UInt8]
    private var offset: Int
    private let end: Int

    /// - Precondition: `range` lies within `bytes`.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { offset == end }

    /// The next field's number and type, whose value must be read or skipped next; nil at the message's end.
    mutating func nextField() throws(Malformed) -> (number: UInt64, type: WireType)? {
        guard offset < end else { return nil }
        let tag = try readVarint()
        guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw malformed("a field has the number \(tag >> 3)") }
        guard let type = WireType(rawValue: tag & 7) else {
            throw malformed("field \(tag >> 3) has the wire type \(tag & 7)")
        }
        return (tag >> 3, type)
    }

    mutating func readVarint() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard offset < end else { throw malformed("it ends within a number") }
            let byte = bytes[offset]
            offset += 1
            // The tenth byte holds the last bit.
            if shift == 63, byte > 1 { break }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw malformed("a number is too long")
    }

    mutating func readFourBytes() throws(Malformed) -> UInt32 {
        UInt32(truncatingIfNeeded: try readFixed(4))
    }

    mutating func readEightBytes() throws(Malformed) -> UInt64 { try readFixed(8) }

    /// The place of counted bytes: text, a message, or packed numbers.
    mutating func readCounted() throws(Malformed) -> Range<Int> {
        let count = try readVarint()
        guard count <= UInt64(end - offset) else {
            throw malformed("it has \(end - offset) of \(count) bytes")
        }
        defer { offset += Int(count) }
        return offset..<offset + Int(count)
    }

    mutating func skip(_ type: WireType) throws(Malformed) {
        switch type {
        case .varint: _ = try readVarint()
        case .eightBytes: _ = try readEightBytes()
        case .counted: _ = try readCounted()
        case .fourBytes: _ = try readFourBytes()
        }
    }

    func malformed(_ reason: String) -> Malformed { Malformed(offset: offset, reason: reason) }

    private mutating func readFixed(_ count: Int) throws(Malformed) -> UInt64 {
        guard end - offset >= count else { throw malformed("it ends within a number") }
        defer { offset += count }
        return bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
