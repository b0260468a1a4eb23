/// The first rows of a stream, held back until their statistics can be known. NaN is missing.
struct FirstRows: Sendable, Hashable {
    private(set) var rows: [[Double]] = []
    private(set) var times: [Double] = []

    mutating func append(_ row: [Double], at time: Double) {
        rows.append(row)
        times.append(time)
    }

    /// The rows with missing values interpolated between their neighbours in time; at the ends the nearest value, and 0 where
    /// there is none at all.
    func filled() -> [[Double]] {
        guard var filled = rows.first.map({ _ in rows }) else { return [] }
        for dimension in rows[0].indices {
            var known: Int?
            for index in rows.indices where !rows[index][dimension].isNaN {
                for gap in (known.map { $0 + 1 } ?? 0)..<index {
                    let start = known ?? index
                    filled[gap][dimension] = interpolated(dimension, between: start, and: index, at: gap)
                }
                known = index
            }
            for gap in (known.map { $0 + 1 } ?? 0)..<rows.count {
                filled[gap][dimension] = known.map { rows[$0][dimension] } ?? 0
            }
        }
        return filled
    }

    private func interpolated(_ dimension: Int, between start: Int, and end: Int, at gap: Int) -> Double {
        let (first, last) = (rows[start][dimension], rows[end][dimension])
        let span = times[end] - times[start]
        guard span > 0 else { return last }
        let share = min(max((times[gap] - times[start]) / span, 0), 1)
        return first * (1 - share) + last * share
    }
}
