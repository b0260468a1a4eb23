/// The paths of up to eight descents, and what the walks up found, in memory that is used again for every point.
///
/// Level 0 is the root. `path[8·level + lane]` is the index in its tree of the node that the lane's
/// descent passed there; from its leaf on the leaf repeats. The probability that a random cut of the box at a level,
/// grown by the point, separates the point is at the same place of `separations`.
struct Walk {
    static let lanes = 8

    let path: UnsafeMutablePointer<UInt32>
    let separations: UnsafeMutablePointer<Float>
    /// Lane by lane: the tree, the level of the leaf, and the lowest level whose box does not
    /// contain the point: from it down to the leaf, no box does. It is the leaf's level where all boxes do.
    let trees: UnsafeMutablePointer<Int>
    let depths: UnsafeMutablePointer<Int>
    let tops: UnsafeMutablePointer<Int>
    /// Whether the leaf's point equals the query.
    let duplicates: UnsafeMutablePointer<Bool>
    /// 1 / (level + 1): the score of a point that a cut at this level separates.
    let inverses: UnsafeMutablePointer<Float>

    init(sampleSize: Int) {
        let levels = sampleSize + 16
        path = .allocate(capacity: levels * Self.lanes)
        separations = .allocate(capacity: levels * Self.lanes)
        trees = .allocate(capacity: Self.lanes)
        depths = .allocate(capacity: Self.lanes)
        tops = .allocate(capacity: Self.lanes)
        duplicates = .allocate(capacity: Self.lanes)
        trees.initialize(repeating: 0, count: Self.lanes)
        depths.initialize(repeating: 0, count: Self.lanes)
        tops.initialize(repeating: 0, count: Self.lanes)
        duplicates.initialize(repeating: false, count: Self.lanes)
        inverses = .allocate(capacity: levels)
        for level in 0..<levels { inverses[level] = 1 / Float(level + 1) }
    }

    func deallocate() {
        path.deallocate()
        separations.deallocate()
        trees.deallocate()
        depths.deallocate()
        tops.deallocate()
        duplicates.deallocate()
        inverses.deallocate()
    }

    @inline(__always)
    func node(_ lane: Int, _ level: Int) -> Int { Int(path[level * Self.lanes + lane]) }
}
