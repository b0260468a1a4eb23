/// What an entity's next record is compared with.
struct PreviousRecord: Sendable {
    /// Nanoseconds since 1970; nil before the first record with a time.
    var timestamp: Int64?
    /// The last raw value of each feature whose differences count, NaN before the first.
    var values: [Double]

    init(featureCount: Int) {
        values = Array(repeating: .nan, count: featureCount)
    }
}
