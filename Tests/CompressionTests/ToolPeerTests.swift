import Compression
import Testing

@Suite("Compression beside the gzip and zstd tools", .timeLimit(.minutes(1)))
struct ToolPeerTests {
    @Test(
        "reads what gzip wrote",
        .enabled(if: tool("gzip") != nil, "gzip is not installed"),
        arguments: ["-1", "-9"]
    )
    func readsGzip(level: String) throws {
        let bytes = sampleText(300_000)
        #expect(try decompress(run(tool("gzip") ?? "", ["-c", level], bytes)) == bytes)
    }

    @Test(
        "reads what zstd wrote",
        .enabled(if: tool("zstd") != nil, "zstd is not installed"),
        arguments: [["-1"], ["-19", "--no-check"], ["--long=27"]]
    )
    func readsZstd(options: [String]) throws {
        let bytes = sampleText(300_000)
        #expect(try decompress(run(tool("zstd") ?? "", ["-q", "-c"] + options, bytes)) == bytes)
    }

    @Test(
        "refuses a window beyond the limit by name",
        .enabled(if: tool("zstd") != nil, "zstd is not installed")
    )
    func window() throws {
        let stream = try run(tool("zstd") ?? "", ["-q", "-c", "--long=30", "-1"], sampleText(1000))
        let error = #expect(throws: CompressionError.self) { try decompress(stream) }
        #expect(error?.code == .windowTooLarge)
    }

    @Test("gzip reads what we wrote", .enabled(if: tool("gzip") != nil, "gzip is not installed"))
    func gzipReads() throws {
        let bytes = sampleText(300_000)
        #expect(try run(tool("gzip") ?? "", ["-dc"], compress(bytes, .gzip)) == bytes)
    }

    @Test("zstd reads what we wrote", .enabled(if: tool("zstd") != nil, "zstd is not installed"))
    func zstdReads() throws {
        let bytes = sampleText(300_000)
        #expect(try run(tool("zstd") ?? "", ["-q", "-dc"], compress(bytes, .zstd, level: 9)) == bytes)
    }
}
