/// Writes zips byte by byte, also such as no honest program writes.
struct ZipMaker {
    struct Entry {
        var name: String
        var content: [UInt8]
        /// With the type's bits; 0 for none.
        var unixMode: UInt32 = 0o100644
        var method: UInt16 = 0
        var flags: UInt16 = 0
        /// Stated ones, where they are to lie.
        var checksum: UInt32
        var byteCount: UInt32

        /// - Parameter checksum: CRC-32 of `content`, as another program computes it.
        init(_ name: String, _ content: String = "", checksum: UInt32 = 0, unixMode: UInt32 = 0o100644) {
            self.name = name
            self.content = Array(content.utf8)
            self.unixMode = unixMode
            self.checksum = checksum
            byteCount = UInt32(self.content.count)
        }
    }

    var entries: [Entry]

    func bytes() -> [UInt8] {
        var output: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let offset = UInt32(output.count)
            let name = Array(entry.name.utf8)
            let common: [UInt8] =
                field(entry.flags) + field(entry.method) + field(UInt32(0)) + field(entry.checksum)
                + field(UInt32(entry.content.count)) + field(entry.byteCount) + field(UInt16(name.count))
                + field(UInt16(0))
            output += field(UInt32(0x0403_4b50)) + field(UInt16(20)) + common + name + entry.content
            directory += field(UInt32(0x0201_4b50)) + field(UInt16(3 << 8 | 20)) + field(UInt16(20)) + common
            directory += field(UInt16(0)) + field(UInt16(0)) + field(UInt16(0)) + field(entry.unixMode << 16)
            directory += field(offset) + name
        }
        let start = UInt32(output.count)
        output += directory
        output += field(UInt32(0x0605_4b50)) + field(UInt32(0)) + field(UInt16(entries.count))
        output +=
            field(UInt16(entries.count)) + field(UInt32(directory.count)) + field(start) + field(UInt16(0))
        return output
    }

    private func field(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
