/// The last rows as they came, and their times.
struct RowHistory: Sendable, Hashable {
    private(set) var rows: [[Double]] = []
    private(set) var times: [Double] = []
    /// Where the oldest row is, once there are as many as fit.
    private var oldest = 0
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        rows.reserveCapacity(capacity)
        times.reserveCapacity(capacity)
    }

    mutating func append(_ row: [Double], at time: Double) {
        if rows.count < capacity {
            rows.append(row)
            times.append(time)
        } else {
            rows[oldest] = row
            times[oldest] = time
            oldest = (oldest + 1) % capacity
        }
    }

    /// A row that came before: -1 is the last one. Nil where it is not kept.
    func row(_ relativeIndex: Int) -> (values: [Double], time: Double)? {
        guard relativeIndex < 0, rows.count + relativeIndex >= 0 else { return nil }
        let place = (oldest + rows.count + relativeIndex) % rows.count
        return (rows[place], times[place])
    }
}
