import Compression

/// A zip in memory, read by its central directory. Nothing in it is trusted.
///
/// Entries are stored or deflated; zip64 is read, encryption and archives in parts are not.
public struct ZipArchive: Sendable {
    public let entries: [ZipEntry]
    private let fields: ByteFields

    private static let headerSignature: UInt32 = 0x0403_4b50
    /// Bytes of an entry's own header before its name.
    private static let headerByteCount = 30

    /// Reads the list of entries and checks names and stated sizes. O(n) in the number of entries.
    public init(_ bytes: [UInt8], limits: ZipLimits = ZipLimits()) throws(ZipError) {
        fields = ByteFields(bytes: bytes)
        let directory = try CentralDirectory(fields)
        guard directory.count <= limits.entries else {
            throw ZipError(.tooLarge, "\(directory.count) entries; at most \(limits.entries) are allowed")
        }
        var entries: [ZipEntry] = []
        var names: Set<String> = []
        var offset = directory.offset
        var total = 0
        for _ in 0..<directory.count {
            let entry = try ZipEntry(fields, at: &offset, nameLimit: limits.nameBytes)
            guard names.insert(entry.path).inserted else {
                throw ZipError(.unsafePath, "\(entry.path): there are two of that name")
            }
            guard entry.byteCount <= limits.unpackedBytes - total else {
                throw ZipError(.tooLarge, "unpacked it has more than \(limits.unpackedBytes) bytes")
            }
            total += entry.byteCount
            entries.append(entry)
        }
        self.entries = entries
    }

    /// Hands out an entry's bytes in parts.
    ///
    /// - Throws: ``ZipError`` where they are not what the central directory says, or what `body` throws; the parts
    ///   handed out so far are never more than ``ZipEntry/byteCount``.
    public func read(_ entry: ZipEntry, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let range = try packedRange(of: entry)
        var checksum = CRC32()
        var count = 0
        try fields.bytes.withUnsafeBytes { bytes in
            let packed = UnsafeRawBufferPointer(rebasing: bytes[range])
            func take(_ part: UnsafeRawBufferPointer) throws {
                count += part.count
                guard count <= entry.byteCount else {
                    throw ZipError(.damaged, "\(entry.path): more bytes than stated")
                }
                checksum.update(part)
                try body(part)
            }
            switch entry.method {
            case 0: try take(packed)
            case 8:
                do {
                    try Deflate.inflate(packed, take)
                } catch let error as DeflateError {
                    throw ZipError(.damaged, "\(entry.path): \(error)")
                }
            default:
                throw ZipError(.unsupported, "\(entry.path): compression method \(entry.method), not deflate")
            }
        }
        guard count == entry.byteCount else {
            throw ZipError(.damaged, "\(entry.path): fewer bytes than stated")
        }
        guard checksum.value == entry.checksum else {
            throw ZipError(.wrongChecksum, "\(entry.path): its checksum (CRC-32) is wrong")
        }
    }

    private func packedRange(of entry: ZipEntry) throws(ZipError) -> Range<Int> {
        let offset = entry.headerOffset
        guard fields.isSignature(Self.headerSignature, at: offset),
            let nameCount = fields.number(UInt16.self, at: offset + 26),
            let extraCount = fields.number(UInt16.self, at: offset + 28)
        else { throw ZipError(.damaged, "\(entry.path): no header where it should be") }
        let start = offset + Self.headerByteCount + Int(nameCount) + Int(extraCount)
        guard start <= fields.bytes.count, entry.packedByteCount <= fields.bytes.count - start else {
            throw ZipError(.damaged, "\(entry.path): it is cut")
        }
        return start..<start + entry.packedByteCount
    }
}
