import CZstd

/// zstd through libzstd, each frame with a checksum.
final class ZstdEncoder: StreamEncoder {
    private let stream: OpaquePointer
    private var total: Int64 = 0

    init(level: Int?) throws(CompressionError) {
        guard let stream = ZSTD_createCStream() else {
            throw CompressionError(.outOfMemory, .zstd, at: 0, "cannot be started")
        }
        self.stream = stream
        if let level {
            ZSTD_CCtx_setParameter(stream, ZSTD_c_compressionLevel, Int32(clamping: min(max(level, 1), 19)))
        }
        ZSTD_CCtx_setParameter(stream, ZSTD_c_checksumFlag, 1)
    }

    deinit { ZSTD_freeCStream(stream) }

    func encode(
        _ input: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>,
        isLast: Bool
    ) throws(CompressionError) -> (CodecStep, Bool) {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let rest = ZSTD_compressStream2(stream, &target, &source, isLast ? ZSTD_e_end : ZSTD_e_continue)
        if ZSTD_isError(rest) != 0 {
            let reason = String(cString: ZSTD_getErrorName(rest))
            throw CompressionError(.failed, .zstd, at: total, "cannot be written (\(reason))")
        }
        total += Int64(source.pos)
        return (CodecStep(taken: source.pos, made: target.pos), isLast && rest == 0)
    }
}
