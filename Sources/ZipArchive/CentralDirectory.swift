/// Where an archive's list of entries lies.
///
/// Source: APPNOTE.TXT 6.3.10 of PKWARE, sections 4.3.14 to 4.3.16.
struct CentralDirectory {
    let offset: Int
    let count: Int

    private static let endSignature: UInt32 = 0x0605_4b50
    private static let end64Signature: UInt32 = 0x0606_4b50
    private static let locatorSignature: UInt32 = 0x0706_4b50
    /// Bytes of the end record without its comment.
    private static let endByteCount = 22

    init(_ fields: ByteFields) throws(ZipError) {
        guard let end = Self.end(fields), let disk = fields.number(UInt16.self, at: end + 4),
            let count = fields.number(UInt16.self, at: end + 10),
            let offset = fields.number(UInt32.self, at: end + 16)
        else { throw ZipError(.damaged, "no zip: it has no end of a central directory") }
        guard disk == 0 || disk == .max else { throw ZipError(.unsupported, "a zip in several parts") }
        guard count == .max || offset == .max, let large = Self.large(fields, before: end) else {
            self.offset = Int(offset)
            self.count = Int(count)
            return
        }
        self = large
    }

    private init(offset: Int, count: Int) {
        self.offset = offset
        self.count = count
    }

    /// The last place that may be one: a comment of up to 64 KiB follows it.
    private static func end(_ fields: ByteFields) -> Int? {
        let last = fields.bytes.count - endByteCount
        let first = max(0, last - Int(UInt16.max))
        guard first <= last else { return nil }
        return (first...last).last { offset in
            fields.isSignature(endSignature, at: offset)
                && fields.number(UInt16.self, at: offset + 20).map { Int($0) == last - offset } == true
        }
    }

    /// That of zip64, whose locator lies just before the end record.
    private static func large(_ fields: ByteFields, before end: Int) -> CentralDirectory? {
        guard fields.isSignature(locatorSignature, at: end - 20),
            let place = fields.number(UInt64.self, at: end - 12).flatMap({ Int(exactly: $0) }),
            place < end, fields.isSignature(end64Signature, at: place),
            let count = fields.number(UInt64.self, at: place + 32).flatMap({ Int(exactly: $0) }),
            let offset = fields.number(UInt64.self, at: place + 48).flatMap({ Int(exactly: $0) })
        else { return nil }
        return CentralDirectory(offset: offset, count: count)
    }
}
