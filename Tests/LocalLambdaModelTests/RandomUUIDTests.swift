import LocalLambdaModel
import Testing

@Suite("Random UUIDs")
struct RandomUUIDTests {
    /// Gives the same bits again and again.
    private struct Constant: RandomNumberGenerator {
        let bits: UInt64
        func next() -> UInt64 { bits }
    }

    @Test("have the bits of version 4 where they belong, and all others from the generator")
    func bits() {
        var ones = Constant(bits: .max)
        #expect(randomUUID(using: &ones) == "ffffffff-ffff-4fff-bfff-ffffffffffff")
        var zeros = Constant(bits: 0)
        #expect(randomUUID(using: &zeros) == "00000000-0000-4000-8000-000000000000")
        var mixed = Constant(bits: 0x0123_4567_89ab_cdef)
        #expect(randomUUID(using: &mixed) == "01234567-89ab-4def-8123-456789abcdef")
    }
}
