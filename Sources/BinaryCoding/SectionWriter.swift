/// Writes bytes of a ``SectionedForm``.
public struct SectionWriter {
    private var writer = ByteWriter()
    private var identifiers: Set<UInt32> = []

    public init(_ form: SectionedForm) {
        writer.write(form.magic)
        writer.write(form.version)
        for _ in 0..<5 { writer.write(0 as UInt32) }
    }

    /// Appends a section with what `body` writes.
    ///
    /// - Precondition: no section has this identifier yet.
    public mutating func append(
        _ identifier: UInt32,
        version: UInt32 = 1,
        _ body: (inout ByteWriter) -> Void
    ) {
        precondition(identifiers.insert(identifier).inserted, "section \(identifier) is there already")
        writer.write(identifier)
        writer.write(version)
        let place = writer.bytes.count
        writer.write(0 as UInt64)
        body(&writer)
        writer.overwrite(at: place, UInt64(writer.bytes.count - place - 8))
    }

    /// All sections, sealed with length and checksum.
    public consuming func finish() -> [UInt8] {
        let version = writer.bytes[8..<12].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        writer.overwrite(at: 8, version | UInt64(identifiers.count) << 32)
        writer.overwrite(at: 16, UInt64(writer.bytes.count))
        writer.overwrite(at: 24, SectionedForm.checksum(writer.bytes))
        return writer.bytes
    }
}
