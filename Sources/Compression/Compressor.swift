/// Compresses a stream that comes in chunks. Equal input gives equal output: no time, no name.
public final class Compressor {
    public let format: CompressionFormat
    private let encoder: (any StreamEncoder)?
    private var piece: [UInt8]

    /// - Parameter level: 1 to 9 for gzip, 1 to 19 for zstd; nil for the library's default.
    public init(format: CompressionFormat, level: Int? = nil) throws {
        self.format = format
        piece = [UInt8](repeating: 0, count: Decompressor.pieceLength)
        switch format {
        case .none: encoder = nil
        case .gzip: encoder = try GzipEncoder(level: level)
        case .zstd: encoder = try ZstdEncoder(level: level)
        }
    }

    /// Takes the next chunk and hands out what is ready. The bytes are valid during the call.
    ///
    /// - Throws: ``CompressionError``, or what `body` throws.
    public func feed(
        _ chunk: UnsafeBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        try encode(chunk, isLast: false, body)
    }

    /// Hands out the rest; nothing may be fed after it.
    public func finish(_ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        try encode(UnsafeBufferPointer(start: nil, count: 0), isLast: true, body)
    }

    private func encode(
        _ chunk: UnsafeBufferPointer<UInt8>,
        isLast: Bool,
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        guard let encoder else {
            if !chunk.isEmpty { try body(chunk) }
            return
        }
        var rest = chunk
        var isDone = false
        while !rest.isEmpty || (isLast && !isDone) {
            let (step, isComplete) = try piece.withUnsafeMutableBufferPointer { output in
                try encoder.encode(rest, into: output, isLast: isLast)
            }
            isDone = isComplete
            rest = UnsafeBufferPointer(rebasing: rest[step.taken...])
            if step.made > 0 {
                try piece.withUnsafeBufferPointer {
                    try body(UnsafeBufferPointer(rebasing: $0[..<step.made]))
                }
            }
        }
    }
}

protocol StreamEncoder: AnyObject {
    /// Encodes some of `input`; the second value says that the stream is complete.
    func encode(
        _ input: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>,
        isLast: Bool
    ) throws(CompressionError) -> (CodecStep, Bool)
}
