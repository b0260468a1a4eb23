/// Writes numbers, little-endian, and counted bytes one after the other.
public struct ByteWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    /// Appends the number's own size of bytes.
    public mutating func write<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends the bit pattern: every NaN and sign comes back as it was.
    public mutating func write(_ number: Double) { write(number.bitPattern) }

    /// Appends a byte, 0 or 1.
    public mutating func write(_ flag: Bool) { write(flag ? 1 : 0 as UInt8) }

    /// Appends the text's bytes, counted.
    public mutating func write(_ text: String) { write(counted: Array(text.utf8)) }

    /// Appends a u64 count, then that many bytes.
    public mutating func write(counted more: [UInt8]) {
        write(UInt64(more.count))
        write(raw: more)
    }

    /// Appends the bytes alone; the reader must know how many they are.
    public mutating func write(raw more: [UInt8]) { bytes.append(contentsOf: more) }

    /// Replaces the eight bytes at `place`, which are already written.
    mutating func overwrite(at place: Int, _ number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { bytes.replaceSubrange(place..<place + 8, with: $0) }
    }
}
