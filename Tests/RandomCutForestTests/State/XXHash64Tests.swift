import Testing

@testable import RandomCutForest

@Suite("XXH64")
struct XXHash64Tests {
    /// Figures of python-xxhash 3, which wraps the reference implementation.
    @Test(
        "agrees with the reference implementation",
        arguments: [
            ([], 0xef46_db37_51d8_e999),
            ([0x61], 0xd24e_c4f1_a98c_6e5b),
            (Array("abc".utf8), 0x44bc_2cf5_ad77_0999),
            (Array(0..<31), 0xc346_d2b5_9b4d_8ee1),
            (Array(0..<32), 0xcbf5_9c51_16ff_32b4),
            (Array(0..<101), 0xe990_3849_5f85_381e),
            ((0..<1000).map { UInt8($0 * 7 % 256) }, 0x2527_5608_a9cf_c168),
        ] as [([UInt8], UInt64)]
    )
    func agrees(bytes: [UInt8], hash: UInt64) {
        #expect(bytes.withUnsafeBytes { xxHash64($0) } == hash)
    }
}
