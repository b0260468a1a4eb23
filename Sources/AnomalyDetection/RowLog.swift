/// The rows that a model was given since it was encoded whole: a few bytes each, where the model has hundreds of
/// thousands. Who has the model as it was then and gives it these rows has the model as it is now.
struct RowLog: Sendable {
    struct Row: Sendable {
        /// Nanoseconds since 1970.
        var timestamp: Int64?
        /// One raw value per feature.
        var values: [Double]
    }

    /// Revision of the entity's last record when the model was encoded whole.
    let base: UInt64
    private(set) var rows: [Row] = []
    /// Whether `rows` are all since `base`.
    private(set) var isComplete = true

    /// Rows are kept up to here: giving them to a model takes some ten times as long as loading it.
    static let limit = 256

    init(base: UInt64) {
        self.base = base
    }

    mutating func append(_ values: UnsafeBufferPointer<Double>, timestamp: Int64?) {
        guard isComplete else { return }
        isComplete = rows.count < Self.limit
        if isComplete { rows.append(Row(timestamp: timestamp, values: Array(values))) } else { rows = [] }
    }
}
