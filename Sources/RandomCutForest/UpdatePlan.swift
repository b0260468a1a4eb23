/// Which trees take the present point, and what they give up for it.
struct UpdatePlan {
    struct Entry {
        var tree: Int
        var slot: Int
        /// The point's v in this tree.
        var value: Float
        /// The index of the point that leaves, or -1.
        var evicted: Int
        /// The index of the point that the tree's leaf names.
        var point: Int
    }

    /// Points that are taken out side by side.
    static let removalLanes = 8

    let entries: UnsafeMutablePointer<Entry>
    var count = 0
    /// The points that the first entries evict went down beside the score, as guests of the walk.
    var guestCount = 0
    /// All trees: tree n at place n, but between ``bringForward()`` and ``putBack()``.
    let order: UnsafeMutablePointer<UInt32>
    let gone: UnsafeMutablePointer<UnsafePointer<Float>>
    /// Room for the trees that take a point.
    let due: UnsafeMutablePointer<UInt32>
    /// The place of each tree in `order`; only as ``findLanes(treeCount:)`` returns it.
    private let lanes: UnsafeMutablePointer<UInt32>
    /// How the trees on the walk's lanes take it.
    let separations: UnsafeMutablePointer<Separation>

    init(treeCount: Int) {
        entries = .allocate(capacity: treeCount)
        order = .allocate(capacity: treeCount)
        for tree in 0..<treeCount { order[tree] = UInt32(truncatingIfNeeded: tree) }
        gone = .allocate(capacity: Self.removalLanes)
        due = .allocate(capacity: treeCount + 1)
        lanes = .allocate(capacity: treeCount)
        separations = .allocate(capacity: treeCount)
    }

    func deallocate() {
        entries.deallocate()
        order.deallocate()
        gone.deallocate()
        due.deallocate()
        lanes.deallocate()
        separations.deallocate()
    }

    /// Brings the trees of the entries to the front, in the entries' order. O(count)
    ///
    /// The entries' trees ascend, so that no exchange has moved the next one's tree away from its place.
    @inline(__always)
    func bringForward() {
        for index in 0..<count { exchange(index, entries[index].tree) }
    }

    /// Puts all trees back to their places. O(count)
    @inline(__always)
    func putBack() {
        for index in (0..<count).reversed() { exchange(index, entries[index].tree) }
    }

    /// The place of each tree in `order`. O(trees)
    func findLanes(treeCount: Int) -> UnsafePointer<UInt32> {
        for lane in 0..<treeCount { lanes[Int(order[lane])] = UInt32(truncatingIfNeeded: lane) }
        return UnsafePointer(lanes)
    }

    @inline(__always)
    private func exchange(_ one: Int, _ other: Int) {
        let tree = order[one]
        order[one] = order[other]
        order[other] = tree
    }
}
