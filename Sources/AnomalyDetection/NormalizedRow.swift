/// A record between the normaliser and the verdict, with what was expected of it.
struct NormalizedRow {
    /// One raw value per feature, NaN where missing.
    let raw: [Double]
    /// The same, transformed.
    let coordinates: [Double]
    /// Of each feature's coordinates before this record.
    let statistics: [RunningStatistics]
}
