/// XXH64 with seed 0 (Yann Collet's xxHash, specification 0.8): a checksum at the speed of memory. Other tools
/// compute it too, `xxhsum -H64` for one.
///
/// Four lanes take eight bytes each in turn; what is left over at the end goes in by 8, 4 and 1 byte.
func xxHash64(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let count = bytes.count
    var place = 0
    var hash = XXHash64.prime5
    if count >= 32 {
        var lanes = (
            XXHash64.prime1 &+ XXHash64.prime2, XXHash64.prime2, UInt64(0), 0 &- XXHash64.prime1
        )
        while place + 32 <= count {
            lanes.0 = XXHash64.round(lanes.0, XXHash64.word(bytes, place))
            lanes.1 = XXHash64.round(lanes.1, XXHash64.word(bytes, place + 8))
            lanes.2 = XXHash64.round(lanes.2, XXHash64.word(bytes, place + 16))
            lanes.3 = XXHash64.round(lanes.3, XXHash64.word(bytes, place + 24))
            place += 32
        }
        hash = XXHash64.rotated(lanes.0, 1) &+ XXHash64.rotated(lanes.1, 7)
        hash &+= XXHash64.rotated(lanes.2, 12) &+ XXHash64.rotated(lanes.3, 18)
        hash = XXHash64.merge(hash, lanes.0)
        hash = XXHash64.merge(hash, lanes.1)
        hash = XXHash64.merge(hash, lanes.2)
        hash = XXHash64.merge(hash, lanes.3)
    }
    hash &+= UInt64(count)
    while place + 8 <= count {
        hash ^= XXHash64.round(0, XXHash64.word(bytes, place))
        hash = XXHash64.rotated(hash, 27) &* XXHash64.prime1 &+ XXHash64.prime4
        place += 8
    }
    if place + 4 <= count {
        let word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        hash ^= UInt64(word) &* XXHash64.prime1
        hash = XXHash64.rotated(hash, 23) &* XXHash64.prime2 &+ XXHash64.prime3
        place += 4
    }
    while place < count {
        hash ^= UInt64(bytes[place]) &* XXHash64.prime5
        hash = XXHash64.rotated(hash, 11) &* XXHash64.prime1
        place += 1
    }
    hash = (hash ^ hash >> 33) &* XXHash64.prime2
    hash = (hash ^ hash >> 29) &* XXHash64.prime3
    return hash ^ hash >> 32
}

/// The steps of XXH64.
private enum XXHash64 {
    static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    @inline(__always)
    static func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }

    @inline(__always)
    static func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 { word &<< bits | word &>> (64 &- bits) }

    @inline(__always)
    static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        rotated(lane &+ word &* prime2, 31) &* prime1
    }

    @inline(__always)
    static func merge(_ hash: UInt64, _ lane: UInt64) -> UInt64 {
        (hash ^ round(0, lane)) &* prime1 &+ prime4
    }
}
