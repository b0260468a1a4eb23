import CZlib

/// gzip through zlib, with no time and no name in its header.
final class GzipEncoder: StreamEncoder {
    private let stream: UnsafeMutablePointer<z_stream>

    init(level: Int?) throws(CompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let result = deflateInit2_(
            stream,
            Int32(clamping: level.map { min(max($0, 1), 9) } ?? Int(Z_DEFAULT_COMPRESSION)),
            Z_DEFLATED,
            15 + 16,
            8,
            Z_DEFAULT_STRATEGY,
            zlibVersion(),
            Int32(MemoryLayout<z_stream>.size)
        )
        guard result == Z_OK else {
            stream.deallocate()
            throw CompressionError(.outOfMemory, .gzip, at: 0, "cannot be started")
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func encode(
        _ input: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>,
        isLast: Bool
    ) throws(CompressionError) -> (CodecStep, Bool) {
        let count = UInt32(clamping: input.count)
        let room = UInt32(clamping: output.count)
        // zlib does not write to its input; its interface only lacks the const.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = count
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = room
        let isEnd = isLast && Int(count) == input.count
        let result = deflate(stream, isEnd ? Z_FINISH : Z_NO_FLUSH)
        guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
            throw CompressionError(.failed, .gzip, at: Int64(stream.pointee.total_in), "cannot be written")
        }
        let step = CodecStep(
            taken: Int(count - stream.pointee.avail_in),
            made: Int(room - stream.pointee.avail_out)
        )
        return (step, result == Z_STREAM_END)
    }
}
