/// The extracted rows of a batch: raw values row by row, and what is known of each
/// row beside them.
struct RowTable {
    private var values: [Double]
    private(set) var rows: [ExtractedRow]
    private let featureCount: Int

    init(rowCount: Int, featureCount: Int) {
        self.featureCount = featureCount
        values = Array(repeating: .nan, count: rowCount * featureCount)
        rows = Array(repeating: ExtractedRow(outcome: .skipped), count: rowCount)
    }

    /// The rows of a table while they are written, by several threads.
    struct Buffers {
        let values: UnsafeMutableBufferPointer<Double>
        let rows: UnsafeMutableBufferPointer<ExtractedRow>
        let featureCount: Int

        func values(of row: Int) -> UnsafeMutableBufferPointer<Double> {
            UnsafeMutableBufferPointer(rebasing: values[row * featureCount..<(row + 1) * featureCount])
        }
    }

    mutating func withBuffers(_ body: (Buffers) -> Void) {
        values.withUnsafeMutableBufferPointer { values in
            rows.withUnsafeMutableBufferPointer { rows in
                body(Buffers(values: values, rows: rows, featureCount: featureCount))
            }
        }
    }

    /// What became of each line, as far as it is known before a model has seen it.
    var outcomes: [LineOutcome] {
        rows.map { row in
            guard case .failed(let reason) = row.outcome else { return LineOutcome(kind: .skipped) }
            return LineOutcome(kind: .failed(reason))
        }
    }

    /// Hands out the values of a row, one for each feature.
    func withValues<Result>(of row: Int, _ body: (UnsafeBufferPointer<Double>) -> Result) -> Result {
        values.withUnsafeBufferPointer { values in
            body(UnsafeBufferPointer(rebasing: values[row * featureCount..<(row + 1) * featureCount]))
        }
    }
}
