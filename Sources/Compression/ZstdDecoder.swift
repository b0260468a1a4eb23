import CZstd

/// zstd through libzstd; windows up to 128 MiB, its default.
final class ZstdDecoder: StreamDecoder {
    private let stream: OpaquePointer
    /// Whether the last frame is complete.
    private var isBetweenFrames = true
    private var isStarted = false

    init() throws(CompressionError) {
        guard let stream = ZSTD_createDStream() else {
            throw CompressionError(.outOfMemory, .zstd, at: 0, "cannot be started")
        }
        self.stream = stream
    }

    deinit { ZSTD_freeDStream(stream) }

    func decode(
        _ input: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>,
        at offset: Int64
    ) throws(CompressionError) -> CodecStep {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        // At a frame's end with nothing left there is nothing to flush either.
        if input.isEmpty, isBetweenFrames { return CodecStep(taken: 0, made: 0) }
        let result = ZSTD_decompressStream(stream, &target, &source)
        isStarted = true
        if ZSTD_isError(result) != 0 {
            let place = offset + Int64(source.pos)
            let reason = String(cString: ZSTD_getErrorName(result))
            switch ZSTD_getErrorCode(result) {
            case ZSTD_error_frameParameter_windowTooLarge:
                throw CompressionError(
                    .windowTooLarge,
                    .zstd,
                    at: place,
                    "needs a window beyond 128 MiB (\(reason))"
                )
            case ZSTD_error_memory_allocation:
                throw CompressionError(.outOfMemory, .zstd, at: place, "needs more memory than there is")
            default:
                throw CompressionError(.damaged, .zstd, at: place, "is damaged (\(reason))")
            }
        }
        isBetweenFrames = result == 0
        return CodecStep(taken: source.pos, made: target.pos)
    }

    func finish(at offset: Int64) throws(CompressionError) {
        guard !isBetweenFrames || !isStarted else { return }
        throw CompressionError(.truncated, .zstd, at: offset, "ends too early")
    }
}
