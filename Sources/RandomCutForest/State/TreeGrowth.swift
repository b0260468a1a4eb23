/// The points of a tree that is grown from the root down, as parts of one list that are split again and again.
///
/// Its arrays are not bounds-checked: they have room for `sampleSize` points, and a part lies within the points.
final class TreeGrowth {
    /// Points from `first` to before `end`, whose node is to lie at `index`.
    struct Part {
        let index: Int
        let first: Int
        let end: Int
    }

    /// Parts still to be split, at most one a level.
    let pending: UnsafeMutablePointer<Part>
    /// The leaf of each point, as at index 0.
    let leaves: UnsafeMutablePointer<Node>
    /// The points themselves where boxes are narrow; else where they lie.
    let narrow: UnsafeMutablePointer<SIMD4<Float>>
    let wide: UnsafeMutablePointer<UnsafePointer<Float>>

    init(shape: BoxShape, sampleSize: Int) {
        pending = .allocate(capacity: sampleSize + 1)
        leaves = .allocate(capacity: sampleSize)
        narrow = .allocate(capacity: shape.isNarrow ? sampleSize : 0)
        wide = .allocate(capacity: shape.isNarrow ? 0 : sampleSize)
    }

    deinit {
        pending.deallocate()
        leaves.deallocate()
        narrow.deallocate()
        wide.deallocate()
    }
}
