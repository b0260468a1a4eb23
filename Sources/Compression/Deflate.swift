import CZlib

/// Raw deflate (RFC 1951): what lies inside a zip, without gzip's frame.
public enum Deflate {
    /// Decompresses one stream, handing out what it holds in pieces of at most ``Decompressor/pieceLength`` bytes.
    ///
    /// - Parameter bytes: the whole stream and nothing behind it.
    /// - Throws: ``DeflateError``, or what `body` throws. What was good before a damage has been handed out by then.
    public static func inflate(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var stream = z_stream()
        // Negative: a window of 15 bits, and no frame.
        guard inflateInit2_(&stream, -15, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw DeflateError(.outOfMemory)
        }
        defer { inflateEnd(&stream) }
        // zlib counts in 32 bits; nothing that is read whole into memory here is larger.
        precondition(bytes.count <= UInt32.max)
        let input = bytes.assumingMemoryBound(to: UInt8.self)
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(bytes.count)
        var piece = [UInt8](repeating: 0, count: Decompressor.pieceLength)
        var status = Z_OK
        while status != Z_STREAM_END {
            let made = piece.withUnsafeMutableBufferPointer { output in
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                status = CZlib.inflate(&stream, Z_NO_FLUSH)
                return output.count - Int(stream.avail_out)
            }
            if made > 0 {
                try piece.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<made])) }
            }
            switch status {
            case Z_OK where made > 0 || stream.avail_in > 0: continue
            case Z_STREAM_END where stream.avail_in == 0: continue
            case Z_OK, Z_BUF_ERROR: throw DeflateError(.truncated)
            case Z_MEM_ERROR: throw DeflateError(.outOfMemory)
            default: throw DeflateError(.damaged)
            }
        }
    }
}

/// Why a raw deflate stream cannot be decompressed.
public struct DeflateError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// The bytes are not what the format allows, or more follows the stream.
        case damaged
        /// The stream goes on past the bytes.
        case truncated
        case outOfMemory = "out of memory"
    }

    public let code: Code

    init(_ code: Code) {
        self.code = code
    }

    /// Another try on the same bytes fails again, except where memory ran out.
    public var isRetriable: Bool { code == .outOfMemory }

    public var description: String { "deflate stream: \(code.rawValue)" }
}
