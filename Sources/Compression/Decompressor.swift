/// Decompresses a stream that comes in chunks, in memory that does not depend on its size.
///
/// Output is handed out in pieces of at most ``pieceLength`` bytes, so that a stream which grows a
/// thousandfold is never held whole. What was good before a damage has been handed out by then.
public final class Decompressor {
    /// 128 KiB.
    public static let pieceLength = 1 << 17

    /// The format: as given, or as found once enough bytes have come.
    public private(set) var format: CompressionFormat?
    /// The compressed bytes taken so far.
    public private(set) var consumed: Int64 = 0
    private var decoder: (any StreamDecoder)?
    /// The first bytes, kept until they tell the format.
    private var held: [UInt8] = []
    private var piece: [UInt8]

    /// - Parameter format: nil to go by the first bytes; streams without a magic number pass through.
    public init(format: CompressionFormat? = nil) throws {
        self.format = format
        piece = [UInt8](repeating: 0, count: Self.pieceLength)
        if let format { decoder = try Self.decoder(format) }
    }

    private static func decoder(_ format: CompressionFormat) throws(CompressionError) -> (any StreamDecoder)?
    {
        switch format {
        case .none: nil
        case .gzip: try GzipDecoder()
        case .zstd: try ZstdDecoder()
        }
    }

    /// Takes the next chunk and hands out what it decompresses to. The bytes are valid during the call.
    ///
    /// - Throws: ``CompressionError``, or what `body` throws; the stream cannot be used after either.
    public func feed(
        _ chunk: UnsafeBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        if format != nil {
            try decode(chunk, body)
            return
        }
        held.append(contentsOf: chunk)
        if held.count >= CompressionFormat.magicLength { try settle(body) }
    }

    /// Says that no more bytes come.
    ///
    /// - Throws: ``CompressionError`` with `truncated` if the stream is not complete.
    public func finish(_ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        if format == nil { try settle(body) }
        try decoder?.finish(at: consumed)
    }

    /// Decides the format by the bytes held, and goes on with them.
    private func settle(_ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        let format = CompressionFormat.detect(held)
        self.format = format
        decoder = try Self.decoder(format)
        let first = held
        held = []
        try first.withUnsafeBufferPointer { try decode($0, body) }
    }

    private func decode(
        _ chunk: UnsafeBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        guard let decoder else {
            consumed += Int64(chunk.count)
            if !chunk.isEmpty { try body(chunk) }
            return
        }
        var rest = chunk
        var isFull = false
        // Go on while input is left, or the output was full so that more may be waiting.
        while !rest.isEmpty || isFull {
            let step = try piece.withUnsafeMutableBufferPointer { output in
                try decoder.decode(rest, into: output, at: consumed)
            }
            guard step.taken > 0 || step.made > 0 || rest.isEmpty else {
                throw CompressionError(.failed, format ?? .none, at: consumed, "makes no progress")
            }
            consumed += Int64(step.taken)
            rest = UnsafeBufferPointer(rebasing: rest[step.taken...])
            isFull = step.made == piece.count
            if step.made > 0 {
                try piece.withUnsafeBufferPointer {
                    try body(UnsafeBufferPointer(rebasing: $0[..<step.made]))
                }
            }
        }
    }
}

/// One step of a codec: the input bytes it took, the output bytes it made.
struct CodecStep {
    var taken: Int
    var made: Int
}

protocol StreamDecoder: AnyObject {
    /// Decodes some of `input`; takes or makes at least one byte unless both are exhausted.
    func decode(
        _ input: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>,
        at offset: Int64
    ) throws(CompressionError) -> CodecStep

    /// Checks that the stream ended where it may.
    func finish(at offset: Int64) throws(CompressionError)
}
