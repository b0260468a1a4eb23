/// One file, directory or symbolic link of an archive, as its central directory says.
public struct ZipEntry: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case file, directory, symbolicLink
    }

    /// Relative, without empty parts, `.` and `..`.
    public let path: String
    public let kind: Kind
    /// Permission bits, of which the owner can read at least.
    public let mode: UInt32
    /// Bytes, unpacked.
    public let byteCount: Int

    let method: UInt16
    let checksum: UInt32
    let packedByteCount: Int
    let headerOffset: Int
}
