import BinaryCoding

/// RecordIO: records behind a magic number and their length, each filled up to a multiple of four bytes.
///
/// Source: Apache MXNet, "dmlc/recordio.h"; records in parts, which only a record that holds the magic number needs
/// there, are not written by SageMaker's clients and not read here.
enum RecordIO {
    static let magic: UInt32 = 0xced7_230a
    private static let headSize = 8

    /// The places of the records' contents, in order.
    ///
    /// - Throws: `malformedBody` where the bytes are anything but whole records.
    static func records(_ bytes: [UInt8]) throws(EndpointError) -> [Range<Int>] {
        var records: [Range<Int>] = []
        var offset = 0
        while offset < bytes.count {
            func malformed(_ reason: String) -> EndpointError {
                EndpointError(.malformedBody, "record \(records.count) at byte \(offset) \(reason)")
            }
            guard bytes.count - offset >= headSize else { throw malformed("is cut off in its head") }
            guard word(bytes, offset) == magic else { throw malformed("does not begin as RecordIO does") }
            let length = Int(word(bytes, offset + 4))
            let start = offset + headSize
            guard length <= bytes.count - start else {
                throw malformed("has \(length) bytes, \(bytes.count - start) are left")
            }
            let padded = (length + 3) & ~3
            guard padded <= bytes.count - start else { throw malformed("is not filled up to four bytes") }
            records.append(start..<start + length)
            offset = start + padded
        }
        return records
    }

    static func append(record: [UInt8], to bytes: inout [UInt8]) {
        var writer = ByteWriter()
        writer.write(magic)
        writer.write(UInt32(record.count))
        bytes += writer.bytes
        bytes += record
        bytes.append(contentsOf: repeatElement(0, count: -record.count & 3))
    }

    /// - Precondition: four bytes are there.
    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
