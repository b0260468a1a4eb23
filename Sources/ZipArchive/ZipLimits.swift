/// The bounds of an archive.
public struct ZipLimits: Sendable, Hashable {
    /// Bytes of all entries, unpacked. Lambda's own limit: 250 MiB.
    public var unpackedBytes = 250 << 20
    public var entries = 100_000
    /// Bytes of an entry's name.
    public var nameBytes = 4_000

    public init() {}
}
