/// A kind of saved bytes that is made of sections. All numbers are little-endian:
///
/// ```
///  0  8  magic                     8  u32 version           12  u32 number of sections
/// 16  u64 length of the whole     24  u64 checksum of all other bytes, see `checksum`
/// 32  for each section: u32 identifier, u32 version, u64 length, its bytes
/// ```
///
/// A reader skips sections that it does not know, so that later versions can add some; it refuses sections that
/// it knows in a newer version. A change that older readers must not skip raises the version of the whole.
public struct SectionedForm: Sendable {
    /// For errors: `state of an entity`.
    public let name: String
    public let version: UInt32
    let magic: UInt64

    static let headerSize = 32

    /// - Precondition: `magic` is eight characters of ASCII.
    public init(name: String, magic: StaticString, version: UInt32) {
        precondition(magic.utf8CodeUnitCount == 8, "a magic has eight bytes")
        self.name = name
        self.version = version
        self.magic = magic.withUTF8Buffer { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    }

    /// The checksum of all bytes but its own.
    static func checksum(_ bytes: [UInt8]) -> UInt64 {
        BinaryCoding.checksum(of: bytes, seed: ChecksumSeed.standard, skippingWordAt: 24)
    }
}
