import BinaryCoding

/// Bytes in a storage, cut into entries: a section of a checkpoint, or its manifest.
struct CheckpointBody: Hashable {
    /// Unique: epoch, save of that epoch, and body of that save.
    var name: String
    var byteCount: Int
    var checksum: UInt64
    var chunkSize: Int

    /// - Parameter index: which body of the save.
    init(_ bytes: [UInt8], epoch: CheckpointEpoch, save: UInt64, index: UInt32, chunkSize: Int) {
        name = "\(epoch.entryName)/\(save).\(index)"
        byteCount = bytes.count
        checksum = BinaryCoding.checksum(of: bytes)
        self.chunkSize = chunkSize
    }

    private var chunkCount: Int { (byteCount + chunkSize - 1) / chunkSize }

    /// The names of its entries, in the order of the bytes.
    var entryNames: [String] { (0..<chunkCount).map { "\(name).\($0)" } }

    /// The bytes of each entry.
    func chunks(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        stride(from: 0, to: bytes.count, by: chunkSize).map { bytes[$0..<min($0 + chunkSize, bytes.count)] }
    }

    /// The bytes again.
    ///
    /// - Parameter entries: all of the stream, by name.
    func bytes(in entries: [String: [UInt8]]) throws(CheckpointError) -> [UInt8] {
        var bytes: [UInt8] = []
        for name in entryNames {
            guard let chunk = entries[name] else { throw CheckpointError("the entry \(name) is missing") }
            bytes += chunk
        }
        guard bytes.count == byteCount, BinaryCoding.checksum(of: bytes) == checksum else {
            throw CheckpointError("the bytes of \(name) are not those that were written")
        }
        return bytes
    }
}

extension CheckpointBody {
    init(_ reader: inout ByteReader) throws(BinaryCodingError) {
        name = try reader.readText()
        byteCount = try reader.read(Int64.self).bounded(0...(1 << 40), reader)
        checksum = try reader.read()
        chunkSize = try reader.read(Int64.self).bounded(1...(1 << 40), reader)
    }

    func write(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(Int64(byteCount))
        writer.write(checksum)
        writer.write(Int64(chunkSize))
    }
}

extension Int64 {
    fileprivate func bounded(_ range: ClosedRange<Int64>, _ reader: ByteReader) throws(BinaryCodingError)
        -> Int
    {
        guard range.contains(self) else { throw reader.damaged("a size of \(self)") }
        return Int(self)
    }
}

/// Why a checkpoint could not be used.
public struct CheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) {
        self.description = description
    }
}
