import BinaryCoding
import Compression
import DetectionPipeline
import LogRecords

/// One file or pipe, read batch by batch.
final class InputFile {
    enum Step {
        case batch(RecordBatch)
        /// A pipe on which nothing came in time.
        case nothing
        case end
    }

    private let path: String
    private let stream: RecordStream
    private let descriptor: SystemDescriptor
    private let isPipe: Bool
    private var splitter = LineSplitter()
    private var chunk = [UInt8](repeating: 0, count: chunkSize)
    /// Read before the rest, to name the file.
    private var head: ArraySlice<UInt8>
    private let decompressor: Decompressor
    /// What went wrong behind the lines of the last batch.
    private var failure: InputError?
    private var isAtEnd = false
    private var readCount: Int64 = 0

    static let chunkSize = 1 << 18
    /// Compressed, a chunk may become a thousand times as much.
    static let compressedChunkSize = 1 << 14
    /// Bytes whose hash names a file: enough to tell a rotated file from the new one.
    static let fingerprintSize = 4_096

    init(path: String, runIdentity: String) throws(InputError) {
        self.path = path
        descriptor = try SystemDescriptor(readingFrom: path)
        switch descriptor.kind() {
        case .regular: isPipe = false
        case .pipe: isPipe = true
        case .directory: throw InputError(path: path, reason: "is a directory")
        case .other: throw InputError(path: path, reason: "is neither a file nor a pipe")
        }
        do { decompressor = try Decompressor() } catch { throw InputError(path: path, reason: "\(error)") }
        head = []
        let name = path == "-" ? "stdin" : path
        if isPipe {
            stream = RecordStream(origin: "pipe:\(runIdentity)", name: name)
            return
        }
        var bytes = [UInt8](repeating: 0, count: Self.fingerprintSize)
        let count = try Self.fill(&bytes, from: descriptor)
        head = bytes[..<count]
        stream = RecordStream(origin: "file:\(Self.fingerprint(head))", name: name)
    }

    /// The size of a regular file, 0 for a pipe; an error if it cannot be opened.
    static func size(of path: String) throws(InputError) -> Int64 {
        let descriptor = try SystemDescriptor(readingFrom: path)
        switch descriptor.kind() {
        case .regular(let size): return size
        case .pipe: return 0
        case .directory: throw InputError(path: path, reason: "is a directory")
        case .other: throw InputError(path: path, reason: "is neither a file nor a pipe")
        }
    }

    /// Bytes read since the last call.
    func takeReadCount() -> Int64 {
        defer { readCount = 0 }
        return readCount
    }

    func nextBatch(modelStream: RecordStream) throws(InputError) -> Step {
        if let failure { throw failure }
        guard !isAtEnd else { return .end }
        if isPipe, !descriptor.waitReadable(milliseconds: FileRecordSource.pipeWindowMilliseconds) {
            return .nothing
        }
        var batch = RecordBatch(stream: stream, modelStream: modelStream)
        let count = try read()
        do {
            try split(count, into: &batch)
        } catch {
            // The lines before the damage are good; the error comes after them.
            failure = InputError(path: path, reason: "\(error)")
        }
        return .batch(batch)
    }

    /// Decompresses and cuts `count` bytes of the chunk, or what is left at the end.
    private func split(_ count: Int, into batch: inout RecordBatch) throws {
        if count > 0 {
            try chunk.withUnsafeBufferPointer { chunk in
                try decompressor.feed(UnsafeBufferPointer(rebasing: chunk[..<count])) { piece in
                    splitter.feed(piece) { batch.append($0) }
                }
            }
        } else {
            isAtEnd = true
            try decompressor.finish { piece in splitter.feed(piece) { batch.append($0) } }
            splitter.finish { batch.append($0) }
        }
    }

    /// Fills the chunk; 0 at the end.
    private func read() throws(InputError) -> Int {
        if !head.isEmpty {
            let count = head.count
            chunk.replaceSubrange(0..<count, with: head)
            head = []
            readCount += Int64(count)
            return count
        }
        let isCompressed = decompressor.format.map { $0 != .none } ?? true
        let limit = isCompressed ? Self.compressedChunkSize : Self.chunkSize
        let count = try Self.read(&chunk, limit: limit, from: descriptor)
        readCount += Int64(count)
        return count
    }

    private static func read(
        _ bytes: inout [UInt8],
        limit: Int,
        from descriptor: borrowing SystemDescriptor
    ) throws(InputError) -> Int {
        try bytes.withUnsafeMutableBufferPointer { (buffer) throws(InputError) in
            try descriptor.read(
                into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<limit])
            )
        }
    }

    /// Reads until the buffer is full or the file ends; how much.
    private static func fill(
        _ bytes: inout [UInt8],
        from descriptor: borrowing SystemDescriptor
    ) throws(InputError) -> Int {
        var total = 0
        while total < bytes.count {
            var rest = [UInt8](repeating: 0, count: bytes.count - total)
            let count = try read(&rest, limit: rest.count, from: descriptor)
            if count == 0 { break }
            bytes.replaceSubrange(total..<total + count, with: rest[..<count])
            total += count
        }
        return total
    }

    /// A hash of 64 bits, in hexadecimal.
    private static func fingerprint(_ bytes: ArraySlice<UInt8>) -> String {
        let digits = String(stableHash(bytes), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension RecordBatch {
    /// Adds a line as a record; its offset is its place in the file.
    fileprivate mutating func append(_ line: LineSplitter.Line) {
        let start = bytes.count
        bytes.append(contentsOf: line.bytes)
        records.append(
            Record(
                offset: line.offset,
                nextOffset: line.offset + line.length + 1,
                value: start..<bytes.count,
                defect: line.isTooLong
                    ? "the line has \(line.length) bytes, \(LineSplitter.defaultMaximumLength) are allowed"
                    : nil
            )
        )
    }
}
