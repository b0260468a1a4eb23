import Compression
import Testing

@Suite("Compression, there and back", .timeLimit(.minutes(1)))
struct RoundTripTests {
    @Test(
        "gives back what was compressed, whatever the chunks",
        arguments: [CompressionFormat.gzip, .zstd, .none],
        [1, 7, 4096, 1 << 20]
    )
    func roundTrip(format: CompressionFormat, chunk: Int) throws {
        let bytes = sampleText(chunk == 1 ? 20_000 : 700_000)
        let compressed = try compress(bytes, format, chunk: max(chunk, 13))
        if format != .none { #expect(compressed.count * 2 < bytes.count) }
        #expect(try decompress(compressed, chunk: chunk) == bytes)
    }

    @Test("an empty stream is a valid stream", arguments: [CompressionFormat.gzip, .zstd])
    func empty(format: CompressionFormat) throws {
        let compressed = try compress([], format)
        #expect(!compressed.isEmpty)
        #expect(try decompress(compressed).isEmpty)
        #expect(try decompress([]).isEmpty)
    }

    @Test(
        "reads several members or frames as one stream",
        arguments: [CompressionFormat.gzip, .zstd],
        [1, 100, 1 << 20]
    )
    func members(format: CompressionFormat, chunk: Int) throws {
        let one = sampleText(5000, seed: 2)
        let two = sampleText(3000, seed: 3)
        let stream = try compress(one, format) + compress([], format) + compress(two, format)
        #expect(try decompress(stream, chunk: chunk) == one + two)
    }

    @Test("equal input gives equal bytes", arguments: [CompressionFormat.gzip, .zstd])
    func repeatable(format: CompressionFormat) throws {
        let bytes = sampleText(10_000)
        #expect(try compress(bytes, format, chunk: 10) == compress(bytes, format, chunk: 10))
    }

    @Test("knows a stream by its first bytes")
    func detection() {
        #expect(CompressionFormat.detect([0x1f, 0x8b, 8, 0]) == .gzip)
        #expect(CompressionFormat.detect([0x28, 0xb5, 0x2f, 0xfd]) == .zstd)
        #expect(CompressionFormat.detect([0x5a, 0x2a, 0x4d, 0x18]) == .zstd)
        #expect(CompressionFormat.detect(Array("{\"a\":1}".utf8)) == .none)
        #expect(CompressionFormat.detect([0x28, 0xb5]) == .none)
        #expect(CompressionFormat.detect([]) == .none)
    }

    @Test("text shorter than a magic number passes through", arguments: ["a", "ab", "abc", "abcd"])
    func shortText(text: String) throws {
        #expect(try decompress(Array(text.utf8), chunk: 1) == Array(text.utf8))
    }
}
