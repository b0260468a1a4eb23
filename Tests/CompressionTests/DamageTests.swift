import Compression
import SeededNumbers
import Testing

@Suite("Damaged and hostile streams", .timeLimit(.minutes(1)))
struct DamageTests {
    @Test("a stream cut anywhere is truncated, with the offset", arguments: [CompressionFormat.gzip, .zstd])
    func truncation(format: CompressionFormat) throws {
        let compressed = try compress(sampleText(3000), format)
        for length in stride(from: 4, to: compressed.count, by: 7) {
            let error = #expect(throws: CompressionError.self) {
                try decompress(Array(compressed[..<length]))
            }
            #expect(error?.code == .truncated, "cut at \(length)")
            #expect(error?.offset == Int64(length))
        }
    }

    @Test("a flipped bit is damage, never a crash", arguments: [CompressionFormat.gzip, .zstd])
    func flippedBits(format: CompressionFormat) throws {
        let bytes = sampleText(2000)
        let compressed = try compress(bytes, format)
        var generator = SeededGenerator(seed: 5)
        var errors = 0
        for _ in 0..<400 {
            var damaged = compressed
            let index = Int.random(in: 4..<damaged.count, using: &generator)
            damaged[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            do {
                // Some header bits (gzip's time, system and name) do not matter to the content.
                let result = try decompress(damaged, format)
                #expect(result == bytes, "a flip in byte \(index) changed the content unseen")
            } catch let error as CompressionError {
                errors += 1
                #expect(error.offset <= Int64(damaged.count))
                #expect(error.message.contains("at byte \(error.offset)"))
            }
        }
        #expect(errors > 300)
    }

    @Test("random bytes behind a magic number are an error", arguments: [CompressionFormat.gzip, .zstd])
    func randomBytes(format: CompressionFormat) throws {
        var generator = SeededGenerator(seed: 9)
        let magic: [UInt8] = format == .gzip ? [0x1f, 0x8b, 8, 0] : [0x28, 0xb5, 0x2f, 0xfd]
        for _ in 0..<200 {
            let rest = (0..<Int.random(in: 0..<300, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            #expect(throws: CompressionError.self) { try decompress(magic + rest) }
        }
    }

    @Test("data behind the last member is damage, zero padding is not")
    func trailingData() throws {
        let bytes = sampleText(100)
        let compressed = try compress(bytes, .gzip)
        #expect(try decompress(compressed + [UInt8](repeating: 0, count: 5000)) == bytes)
        let error = #expect(throws: CompressionError.self) { try decompress(compressed + Array("tail".utf8)) }
        #expect(error?.code == .damaged)
        let padded = #expect(throws: CompressionError.self) { try decompress(compressed + [0, 0, 0, 1]) }
        #expect(padded?.offset == Int64(compressed.count + 3))
    }

    @Test("what came before the damage has been handed out")
    func goodPart() throws {
        let one = sampleText(5000)
        let stream = try compress(one, .gzip) + Array("garbage".utf8)
        var result: [UInt8] = []
        #expect(throws: CompressionError.self) {
            try decompress(stream, nil, chunk: 64) { result.append(contentsOf: $0) }
        }
        #expect(result == one)
    }

    @Test("a bomb comes out in bounded pieces", arguments: [CompressionFormat.gzip, .zstd])
    func bomb(format: CompressionFormat) throws {
        let zeros = [UInt8](repeating: 0, count: 64 << 20)
        let compressed = try compress(zeros, format, chunk: 1 << 20)
        #expect(compressed.count < 100_000)
        var total = 0
        var largest = 0
        try decompress(compressed, nil, chunk: 1 << 20) {
            total += $0.count
            largest = max(largest, $0.count)
        }
        #expect(total == zeros.count)
        #expect(largest <= Decompressor.pieceLength)
    }

    @Test("an error of the receiver comes through")
    func receiverError() throws {
        struct Full: Error {}
        let compressed = try compress(sampleText(1000), .zstd)
        #expect(throws: Full.self) { try decompress(compressed, nil, chunk: 100) { _ in throw Full() } }
    }
}
