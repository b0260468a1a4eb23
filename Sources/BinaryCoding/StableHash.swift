/// FNV-1a, 64 bits: the same in every process and on every machine, unlike `Hasher`. Fast for short names; not
/// for input that somebody chooses to make it collide. O(n).
///
/// Source: Fowler, Noll, Vo, "The FNV Non-Cryptographic Hash Algorithm".
@inlinable
public func stableHash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
}
