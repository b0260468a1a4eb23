/// A point to be scored or learned, checked and padded.
struct Query {
    /// The point, then zeros up to 256 values at least and to a multiple of 8.
    let values: UnsafeMutablePointer<Float>
    let mask: SIMD4<UInt32>

    init(shape: BoxShape) {
        let count = max(PointStore.padding, shape.width) + 8
        values = .allocate(capacity: count)
        values.initialize(repeating: 0, count: count)
        mask = shape.narrowMask
    }

    func deallocate() { values.deallocate() }

    /// The largest magnitude of a value that a tree sees: sums of 16,384 ranges of it are still finite, and larger
    /// cuts mark leaves.
    static let limit: Float = 0x1p111
}
