extension RandomCutForest {
    /// What a saved state holds. Version 1, all numbers little-endian; `n` trees, rows of `d` values, points of `D`:
    ///
    /// ```
    ///   0  8  "RCFSTATE"               8  u32 version, 1
    ///  12  u8 form: 1 full, 2 compact 13  u8 version of the generator, 1    14  u16 flags:
    ///        1 external shingling, 2 sequence numbers, 4 learning is paused, 8 the time decay was changed
    ///  16  u64 length of the whole
    ///  24  u32 dimensions, u32 shingle size, u32 trees, u32 sample size
    ///  40  f64 time decay, f64 initial accept fraction, i64 output after, f64 noise floor, u64 seed
    ///  80  i64 update count           88  4 × u64 generator
    /// 120  f64 growth g(t), f64 clock c(t) of the sampler
    /// 136  u32 points, u32 rows in the shingle, u32 rows held back, u32 1 if the origins are settled
    /// 152  the present f64 time decay, with flag 8
    ///      d × f64 origins (D with external shingling); the rows held back, d × f64 each
    ///      the shingle's rows, d × f32 each, oldest first
    ///      n × u32 sizes of the trees; n × f64 targets, infinite where a tree is not full
    ///      the points, D × f32 each; with flag 2 then an i64 sequence number each
    ///      for each tree that is not empty:
    ///        its samples' v, f32 each, then their points, u16 each (u32 if there are more than 65,536 points);
    ///        in the full form then its nodes, level by level from the root, each level from left to right:
    ///          u32 leaves, m
    ///          2m - 1 bits, 1 for an inner node, 0 for a leaf; from the lowest bit of as many u64 as it takes,
    ///            the bits that are left over 0
    ///          the inner nodes' cuts, (m - 1) × f32, and dimensions, (m - 1) × u8 (u16 if D is more than 256)
    ///          the leaves' points, m × u16 (u32 as above)
    ///      u64 XXH64, with seed 0, of all bytes before it
    /// ```
    ///
    /// Points are numbered as the samples name them first, so the bytes do not depend on places in memory. Boxes,
    /// masses and free lists follow from the rest and are made again.
    public enum StateForm: UInt8, Sendable, Hashable {
        /// A forest that is loaded goes on with the same bits as if it had never stopped.
        case full = 1
        /// The samples without trees. Each load grows the same trees, with other random cuts than the original's.
        case compact = 2
    }

    static let stateMagic: UInt64 = 0x4554_4154_5346_4352
    static let stateVersion: UInt32 = 1
    static let stateHeaderSize = 152
    static let stateChecksumSize = 8
}
