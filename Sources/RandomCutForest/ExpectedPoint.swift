/// A point as the forest would have expected it: the values that make it unusual are replaced, the others kept.
public struct ExpectedPoint: Sendable, Hashable {
    /// The row whose values were replaced: 0 is the newest of the shingle, -1 the one before it.
    public let relativeIndex: Int
    /// The dimensions of the point that were replaced, ascending.
    public let dimensions: [Int]
    /// All values of the point, the oldest row first.
    public let point: [Float]
    /// Values in a row.
    public let rowSize: Int

    /// The expected values of the row at ``relativeIndex``.
    public var row: [Float] {
        let end = point.count + relativeIndex * rowSize
        return Array(point[end - rowSize..<end])
    }
}
