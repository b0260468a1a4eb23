/// One line's bytes with readable zero bytes behind them, so that word loads need no bounds check.
///
/// The owner guarantees that `padding` zero bytes follow `count`. Every index that is read is at most
/// `count`; a scanner that runs off the end meets a zero byte, which no grammar here accepts.
struct PaddedBytes {
    /// Zero bytes behind the last one.
    static let padding = 64

    let base: UnsafePointer<UInt8>
    let count: Int

    @inline(__always)
    subscript(index: Int) -> UInt8 { base[index] }

    /// The eight bytes from `index` on, the first one lowest.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
    }

    /// The four bytes from `index` on, the first one lowest.
    @inline(__always)
    func halfWord(at index: Int) -> UInt32 {
        UInt32(littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt32.self))
    }

    /// The first position in `start..<end` that holds `byte`, or `end`. Eight bytes a step.
    @inline(__always)
    func firstIndex(of byte: UInt8, from start: Int, to end: Int) -> Int {
        let pattern = Self.repeated(byte)
        var index = start
        while index < end {
            let hits = Self.zeroBytes(word(at: index) ^ pattern)
            if hits != 0 {
                return min(index &+ (hits.trailingZeroBitCount &>> 3), end)
            }
            index &+= 8
        }
        return end
    }

    /// The first position in `start..<end` that holds `first` or `second`, or `end`.
    @inline(__always)
    func firstIndex(of first: UInt8, or second: UInt8, from start: Int, to end: Int) -> Int {
        let one = Self.repeated(first)
        let two = Self.repeated(second)
        var index = start
        while index < end {
            let bytes = word(at: index)
            let hits = Self.zeroBytes(bytes ^ one) | Self.zeroBytes(bytes ^ two)
            if hits != 0 {
                return min(index &+ (hits.trailingZeroBitCount &>> 3), end)
            }
            index &+= 8
        }
        return end
    }

    /// The first position from `start` on that is neither space nor tab, or `end`.
    @inline(__always)
    func skipBlanks(from start: Int, to end: Int) -> Int {
        var index = start
        while index < end, base[index] == 0x20 || base[index] == 0x09 { index &+= 1 }
        return index
    }

    /// Whether the bytes at `index` are those of `text`; never reads past `count` plus the padding.
    @inline(__always)
    func hasPrefix(_ text: StaticString, at index: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard index &+ length <= count else { return false }
        let other = text.utf8Start
        for position in 0..<length where base[index &+ position] != other[position] { return false }
        return true
    }

    @inline(__always)
    static func repeated(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// The high bit of each byte that is zero; the lowest hit is exact, higher ones may be false.
    @inline(__always)
    static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }
}
