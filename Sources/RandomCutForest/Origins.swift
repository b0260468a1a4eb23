/// What is subtracted from values that come as Double before they become Float.
///
/// A Float has 24 bits: epoch seconds with a spread of 5 would all be the same. So the first rows are held back until
/// the median of each dimension is known, which a few outliers do not move; where it is large beside
/// the spread it is subtracted from then on. Trees are the same for shifted points.
struct Origins: Hashable {
    /// One number a dimension, once it is settled.
    private(set) var values: [Double]
    private(set) var isSettled = false
    /// The rows held back, one after the other.
    private(set) var held: [Double] = []
    private let rows: Int

    /// - Parameter outputAfter: The rows are settled before the first score is due.
    init(dimensions: Int, outputAfter: Int) {
        values = Array(repeating: 0, count: dimensions)
        rows = min(16, outputAfter)
    }

    var heldRowCount: Int { held.count / values.count }

    /// Holds a row back. True if it was the last one.
    mutating func hold(_ row: UnsafeBufferPointer<Double>) -> Bool {
        held.append(contentsOf: row)
        return heldRowCount >= rows
    }

    mutating func settle() {
        let count = heldRowCount
        for dimension in values.indices where count > 0 {
            var column = (0..<count).map { held[$0 * values.count + dimension] }
            column.sort()
            let median = column[count / 2]
            let spread = column[(3 * count) / 4] - column[count / 4]
            // Where Float's step at the median is below 1/4096 of the spread nothing would be gained.
            if abs(median) > 2048 * spread { values[dimension] = median }
        }
        isSettled = true
    }

    /// Takes the place of what was saved; the caller has checked it.
    mutating func restore(values: [Double], isSettled: Bool, held: [Double]) {
        (self.values, self.isSettled, self.held) = (values, isSettled, held)
    }

    /// Whether so many rows may be held back: one more settles the origins.
    func mayHold(_ count: Int) -> Bool { count < rows }

    mutating func releaseHeld() -> [Double] {
        let rows = held
        held = []
        return rows
    }
}
