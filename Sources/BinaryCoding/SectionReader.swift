/// Finds the sections of bytes that a ``SectionWriter`` wrote.
public struct SectionReader: Sendable {
    private let bytes: [UInt8]
    private let form: SectionedForm
    private var sections: [UInt32: (version: UInt32, range: Range<Int>)] = [:]

    /// Checks magic, version, length, checksum and the sections' bounds.
    public init(_ bytes: [UInt8], _ form: SectionedForm) throws(BinaryCodingError) {
        self.bytes = bytes
        self.form = form
        var reader = ByteReader(bytes, name: form.name)
        guard try reader.read() == form.magic else {
            throw BinaryCodingError(.damaged, "these bytes are no \(form.name)")
        }
        let version = try reader.read(UInt32.self)
        guard version <= form.version else {
            throw BinaryCodingError(
                .newer,
                "the \(form.name) has version \(version), this reads up to \(form.version)"
            )
        }
        guard version > 0 else { throw reader.damaged("its version is 0") }
        let count = try reader.read(UInt32.self)
        guard try reader.read() == UInt64(bytes.count) else { throw reader.damaged("its length is another") }
        guard try reader.read() == SectionedForm.checksum(bytes) else {
            throw reader.damaged("the checksum is wrong")
        }
        for _ in 0..<count {
            let identifier = try reader.read(UInt32.self)
            let version = try reader.read(UInt32.self)
            let length = try reader.readCount(ofSize: 1)
            let range = reader.place..<reader.place + length
            guard version > 0, sections.updateValue((version, range), forKey: identifier) == nil else {
                throw reader.damaged("section \(identifier) is there twice or has no version")
            }
            reader.skip(length)
        }
        try reader.finish()
    }

    /// The bytes of a section; nil if there is none.
    ///
    /// - Parameter version: the newest version that the caller can read.
    public func section(
        _ identifier: UInt32,
        version: UInt32 = 1
    ) throws(BinaryCodingError) -> (version: UInt32, reader: ByteReader)? {
        guard let section = sections[identifier] else { return nil }
        guard section.version <= version else {
            throw BinaryCodingError(
                .newer,
                "section \(identifier) of the \(form.name) has version \(section.version), "
                    + "this reads up to \(version)"
            )
        }
        return (section.version, ByteReader(bytes, range: section.range, name: form.name))
    }

    /// The bytes of a section that must be there.
    public func requiredSection(
        _ identifier: UInt32,
        version: UInt32 = 1
    ) throws(BinaryCodingError) -> (version: UInt32, reader: ByteReader) {
        guard let section = try section(identifier, version: version) else {
            throw BinaryCodingError(.damaged, "the \(form.name) has no section \(identifier)")
        }
        return section
    }
}
