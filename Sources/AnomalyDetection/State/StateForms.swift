import BinaryCoding

/// What a saved detector consists of: a header for the stream and bytes for each entity, each a
/// `SectionedForm` with the sections below; `encodedState` puts all into one.
///
/// Numbers are little-endian; *text* and *bytes* are a u64 count and that many bytes (text in UTF-8); a *list* is a
/// u64 count and its items; *optional* is a u8, 1 before a value and 0 without one.
///
/// ```
/// TLSTREAM, the header of a stream, version 1
///   1 settings, version 1
///     as configured:  optional format, optional list of features, optional text entity field
///     models:         i64 trees, i64 sample size, optional f64 time decay, u64 seed, i64 warm-up,
///                     i64 normalisation window, i64 most entities,
///                     threshold: u8 1 and f64 fixed, or u8 2, f64 deviations, f64 floor
///     as settled:     format, list of features
///     a format:       u8 1 and text name, or u8 2, text pattern, u32 steps, u32 KiB
///     a feature:      text name; source: u8 1 and text path, u8 2 gap, u8 3 length, u8 4 severity,
///                     u8 5 and i64 position; transform: u8 1 identity, u8 2 and f64 scale,
///                     u8 3, f64 lower and f64 upper, u8 4 difference;
///                     u8 1 if normalised, f64 weight, f64 noise floor, text unit
///   2 decoder, version 1:  i64 year, i64 month, list of text columns
///   3 entities, version 1: u64 revision, u64 count, u64 dropped so far, u64 digest
///   4 scorer, version 1:   text name; only where a model outside scores
///
/// TLENTITY, an entity, version 1
///   1 model, version 1:    bytes name, u64 revision of the last record, list of features: each 3 × f64
///                          statistics (count, mean, variance) and the f64 value of the record before;
///                          optional i64 time of the record before, 3 × f64 statistics of the scores
///   2 forest, version 1:   as `RandomCutForest.StateForm` says, in full; not where a model outside scores
///
/// TLROWLOG, the rows of an entity since it was encoded whole, version 1
///   1 rows, version 1:     bytes name, u64 revision of the last record when it was encoded whole, u64 revision of
///                          the last record now, list of rows: optional i64 time, f64 raw value of each feature
///
/// TLDETECT, a stream with its entities, version 1
///   1 header: the bytes of TLSTREAM      2 entities: list of bytes of TLENTITY
/// ```
///
/// Scratch, caches and the place of a model among the threads are not saved: they change no result.
enum StateForms {
    static let stream = SectionedForm(name: "state of a stream", magic: "TLSTREAM", version: 1)
    static let entity = SectionedForm(name: "state of an entity", magic: "TLENTITY", version: 1)
    static let rows = SectionedForm(name: "row log of an entity", magic: "TLROWLOG", version: 1)
    static let detector = SectionedForm(name: "state of a detector", magic: "TLDETECT", version: 1)

    enum StreamSection {
        static let settings: UInt32 = 1
        static let decoder: UInt32 = 2
        static let entities: UInt32 = 3
        static let scorer: UInt32 = 4
    }

    enum EntitySection {
        static let model: UInt32 = 1
        static let forest: UInt32 = 2
    }

    enum RowsSection {
        static let rows: UInt32 = 1
    }

    enum DetectorSection {
        static let header: UInt32 = 1
        static let entities: UInt32 = 2
    }

    /// Counts and times beyond are damage, and arithmetic on them must not overflow.
    static let counts: ClosedRange<UInt64> = 0...1 << 53
}
