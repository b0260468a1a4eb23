/// How a stream is compressed.
public enum CompressionFormat: String, Sendable, Hashable, CaseIterable {
    case none
    /// RFC 1952; several members one after the other are one stream.
    case gzip
    /// RFC 8878; several frames one after the other are one stream.
    case zstd

    /// The bytes that ``detect(_:)`` needs to be sure.
    public static let magicLength = 4

    /// The format by a stream's first bytes; `none` if they are no known magic number.
    public static func detect(_ prefix: some Collection<UInt8>) -> CompressionFormat {
        let bytes = Array(prefix.prefix(magicLength))
        if bytes.starts(with: [0x1f, 0x8b]) { return .gzip }
        guard bytes.count >= 4 else { return .none }
        let word = UInt32(bytes[0]) | UInt32(bytes[1]) << 8 | UInt32(bytes[2]) << 16 | UInt32(bytes[3]) << 24
        // The second form is a skippable frame, with which a zstd stream may begin.
        return word == 0xfd2f_b528 || word & 0xffff_fff0 == 0x184d_2a50 ? .zstd : .none
    }
}
