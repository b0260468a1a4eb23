/// Reads little-endian numbers at places in an archive.
struct ByteFields {
    let bytes: [UInt8]

    /// Nil where the number does not lie within the bytes.
    func number<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type, at offset: Int) -> Number? {
        guard offset >= 0, offset <= bytes.count - MemoryLayout<Number>.size else { return nil }
        return bytes.withUnsafeBytes {
            Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self))
        }
    }

    func isSignature(_ signature: UInt32, at offset: Int) -> Bool {
        number(UInt32.self, at: offset) == signature
    }
}
