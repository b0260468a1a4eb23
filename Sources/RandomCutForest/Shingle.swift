/// The last rows of the stream, oldest first: what comes before a new row in its point.
struct Shingle {
    let rowSize: Int
    let rowCount: Int
    private let rows: UnsafeMutablePointer<Float>
    private(set) var filled = 0

    init(rowSize: Int, rowCount: Int) {
        self.rowSize = rowSize
        self.rowCount = rowCount
        rows = .allocate(capacity: rowSize * rowCount)
        rows.initialize(repeating: 0, count: rowSize * rowCount)
    }

    func deallocate() { rows.deallocate() }

    /// Whether the next row makes a whole point.
    var completes: Bool { filled >= rowCount - 1 }

    /// Writes the rows before the new one to the start of a point.
    @inline(__always)
    func writeEarlierRows(to point: UnsafeMutablePointer<Float>) {
        for index in 0..<rowSize * (rowCount - 1) { point[index] = rows[rowSize + index] }
    }

    /// The newest rows as a point, oldest first.
    func writeRows(to point: UnsafeMutablePointer<Float>) {
        for index in 0..<rowSize * rowCount { point[index] = rows[index] }
    }

    /// Forgets the rows: the stream goes on after a gap.
    mutating func clear() { filled = 0 }

    /// Whether the rows make a whole point.
    var isFull: Bool { rowCount > 1 && filled == rowCount }

    /// Moves on by a row.
    @inline(__always)
    mutating func append(_ row: UnsafePointer<Float>) {
        guard rowCount > 1 else { return }
        let earlier = rowSize * (rowCount - 1)
        for index in 0..<earlier { rows[index] = rows[index + rowSize] }
        for index in 0..<rowSize { rows[earlier + index] = row[index] }
        if filled < rowCount { filled += 1 }
    }
}
