import CZlib

/// gzip through zlib.
final class GzipDecoder: StreamDecoder {
    private let stream: UnsafeMutablePointer<z_stream>
    private var state = State.betweenMembers
    private var members = 0

    private enum State {
        case betweenMembers
        case inMember
        /// Zero bytes that pad the end, as on tapes.
        case padding
    }

    init() throws(CompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window and 16 for gzip's header.
        let result = inflateInit2_(stream, 15 + 16, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else {
            stream.deallocate()
            throw CompressionError(.outOfMemory, .gzip, at: 0, "cannot be started")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func decode(
        _ input: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>,
        at offset: Int64
    ) throws(CompressionError) -> CodecStep {
        if state == .betweenMembers, let first = input.first {
            if members > 0, first == 0 {
                state = .padding
            } else {
                state = .inMember
                if members > 0 { inflateReset(stream) }
            }
        }
        switch state {
        case .betweenMembers: return CodecStep(taken: 0, made: 0)
        case .padding: return try skipPadding(input, at: offset)
        case .inMember: return try inflateSome(input, into: output, at: offset)
        }
    }

    private func skipPadding(
        _ input: UnsafeBufferPointer<UInt8>,
        at offset: Int64
    ) throws(CompressionError) -> CodecStep {
        if let index = input.firstIndex(where: { $0 != 0 }) {
            throw CompressionError(.damaged, .gzip, at: offset + Int64(index), "is followed by other data")
        }
        return CodecStep(taken: input.count, made: 0)
    }

    private func inflateSome(
        _ input: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>,
        at offset: Int64
    ) throws(CompressionError) -> CodecStep {
        let count = UInt32(clamping: input.count)
        let room = UInt32(clamping: output.count)
        // zlib does not write to its input; its interface only lacks the const.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = count
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = room
        let result = inflate(stream, Z_NO_FLUSH)
        let step = CodecStep(
            taken: Int(count - stream.pointee.avail_in),
            made: Int(room - stream.pointee.avail_out)
        )
        let place = offset + Int64(step.taken)
        switch result {
        case Z_STREAM_END:
            members += 1
            state = .betweenMembers
        case Z_OK, Z_BUF_ERROR:
            break
        case Z_MEM_ERROR:
            throw CompressionError(.outOfMemory, .gzip, at: place, "needs more memory than there is")
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "error \(result)"
            throw CompressionError(.damaged, .gzip, at: place, "is damaged (\(reason))")
        }
        return step
    }

    func finish(at offset: Int64) throws(CompressionError) {
        guard state == .inMember || members == 0 else { return }
        throw CompressionError(.truncated, .gzip, at: offset, "ends too early")
    }
}
