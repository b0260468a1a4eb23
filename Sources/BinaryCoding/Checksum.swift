/// A 64-bit checksum against damage, not against malice. O(n), eight bytes a step, each
/// step a bijection of the sum, so that no change within eight bytes goes unseen.
public func checksum(of bytes: [UInt8]) -> UInt64 {
    checksum(of: bytes, seed: ChecksumSeed.standard ^ UInt64(bytes.count), skippingWordAt: nil)
}

enum ChecksumSeed {
    static let standard: UInt64 = 0x9e37_79b9_7f4a_7c15
}

/// - Parameter skipped: where eight bytes begin that do not count, a multiple of eight; nil for none.
func checksum(of bytes: [UInt8], seed: UInt64, skippingWordAt skipped: Int?) -> UInt64 {
    var sum = seed
    func mix(_ word: UInt64) {
        sum = (sum ^ word) &* 0x9fb2_1c65_1e98_df25
        sum ^= sum >> 32
    }
    let whole = bytes.count & ~7
    bytes.withUnsafeBytes { bytes in
        for place in stride(from: 0, to: whole, by: 8) where place != skipped {
            mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
        }
    }
    mix(bytes[whole...].reduce(0) { $0 << 8 | UInt64($1) })
    return sum
}
