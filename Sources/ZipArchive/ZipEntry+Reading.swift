extension ZipEntry {
    private static let signature: UInt32 = 0x0201_4b50
    /// Bytes of an entry of the central directory before its name.
    private static let fixedByteCount = 46

    /// Reads an entry of the central directory.
    ///
    /// - Parameter offset: its place; afterwards that of the next one.
    init(_ fields: ByteFields, at offset: inout Int, nameLimit: Int) throws(ZipError) {
        let start = offset
        guard fields.isSignature(Self.signature, at: start),
            let system = fields.number(UInt16.self, at: start + 4),
            let flags = fields.number(UInt16.self, at: start + 8),
            let method = fields.number(UInt16.self, at: start + 10),
            let checksum = fields.number(UInt32.self, at: start + 16),
            let packed = fields.number(UInt32.self, at: start + 20),
            let unpacked = fields.number(UInt32.self, at: start + 24),
            let nameCount = fields.number(UInt16.self, at: start + 28),
            let extraCount = fields.number(UInt16.self, at: start + 30),
            let commentCount = fields.number(UInt16.self, at: start + 32),
            let attributes = fields.number(UInt32.self, at: start + 38),
            let header = fields.number(UInt32.self, at: start + 42)
        else { throw ZipError(.damaged, "the central directory is cut or no list of entries") }
        let nameEnd = start + Self.fixedByteCount + Int(nameCount)
        let extraEnd = nameEnd + Int(extraCount)
        offset = extraEnd + Int(commentCount)
        guard offset <= fields.bytes.count else { throw ZipError(.damaged, "the central directory is cut") }
        guard nameCount <= nameLimit else {
            throw ZipError(
                .tooLarge,
                "the name of an entry has \(nameCount) bytes; at most \(nameLimit) are allowed"
            )
        }
        let nameBytes = fields.bytes[start + Self.fixedByteCount..<nameEnd]
        guard let name = String(validating: nameBytes, as: UTF8.self) else {
            throw ZipError(
                .unsafePath,
                "a name that is not UTF-8: \(String(decoding: nameBytes, as: UTF8.self))"
            )
        }
        guard flags & 1 == 0 else { throw ZipError(.unsupported, "\(name): encrypted") }
        var sizes = LargeSizes(fields, nameEnd..<extraEnd)
        self.method = method
        self.checksum = checksum
        // In the order in which the extra field holds those that are too large for their places.
        byteCount = try sizes.resolve(unpacked, name)
        packedByteCount = try sizes.resolve(packed, name)
        headerOffset = try sizes.resolve(header, name)
        let type = EntryType(
            name: name,
            attributes: attributes,
            isUnix: system >> 8 == 3 || system >> 8 == 19
        )
        kind = try type.kind()
        mode = type.mode
        path = try EntryPath.checked(name)
    }
}

/// The sizes of zip64, which stand in an extra field.
private struct LargeSizes {
    private let fields: ByteFields
    private var offset: Int
    private let end: Int

    init(_ fields: ByteFields, _ range: Range<Int>) {
        self.fields = fields
        var place = range.lowerBound
        while let identifier = fields.number(UInt16.self, at: place), place < range.upperBound,
            let count = fields.number(UInt16.self, at: place + 2)
        {
            if identifier == 1 {
                offset = place + 4
                end = min(range.upperBound, offset + Int(count))
                return
            }
            place += 4 + Int(count)
        }
        offset = range.upperBound
        end = range.upperBound
    }

    mutating func resolve(_ size: UInt32, _ name: String) throws(ZipError) -> Int {
        guard size == .max else { return Int(size) }
        guard offset + 8 <= end, let large = fields.number(UInt64.self, at: offset),
            let size = Int(exactly: large)
        else { throw ZipError(.damaged, "\(name): a size that is not there") }
        offset += 8
        return size
    }
}

/// What an entry is, by the attributes of the system that packed it.
private struct EntryType {
    let name: String
    let attributes: UInt32
    let isUnix: Bool

    private var unixMode: UInt32 { isUnix ? attributes >> 16 : 0 }

    func kind() throws(ZipError) -> ZipEntry.Kind {
        switch unixMode & 0o170000 {
        case 0o120000: return .symbolicLink
        case 0o040000: return .directory
        case 0, 0o100000: return name.hasSuffix("/") ? .directory : .file
        default: throw ZipError(.unsupported, "\(name): neither a file nor a directory nor a link")
        }
    }

    /// Without set-user bits; the owner can read, or what was unpacked could not be used or removed.
    var mode: UInt32 {
        let isDirectory = name.hasSuffix("/") || unixMode & 0o170000 == 0o040000
        let permissions = unixMode & 0o777
        if isDirectory { return (permissions == 0 ? 0o755 : permissions) | 0o700 }
        return (permissions == 0 ? 0o644 : permissions) | 0o400
    }
}
