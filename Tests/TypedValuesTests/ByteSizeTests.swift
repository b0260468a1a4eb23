import Testing
import TypedValues

@Suite struct ByteSizeTests {
    @Test(
        "reads a size with its unit, in powers of 1024 with an i and of 1000 without",
        arguments: [
            ("64KiB", 65_536), ("10MB", 10_000_000), ("512B", 512), ("1.5GiB", 1_610_612_736),
            ("1kb", 1000), ("2 mib", 2_097_152), ("0B", 0), ("1TiB", 1 << 40),
        ]
    )
    func reads(text: String, bytes: Int) throws {
        #expect(try ByteSize(parsing: text).bytes == bytes)
    }

    @Test(
        "refuses what is not a size",
        arguments: ["", "10", "MB", "10K", "10MBs", "-1MB", "0.5B", "9999999999TiB"]
    )
    func refuses(text: String) {
        #expect(throws: ValueError.self) { try ByteSize(parsing: text) }
    }

    @Test(
        "prints a size so that it reads back equal",
        arguments: [0, 1, 1000, 1024, 1536, 999, 10_000_000, 1 << 31]
    )
    func roundTrip(bytes: Int) throws {
        #expect(try ByteSize(parsing: ByteSize(bytes: bytes).description).bytes == bytes)
    }
}
