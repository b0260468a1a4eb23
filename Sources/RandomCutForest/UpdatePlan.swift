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
    /// All trees, those of the entries first, in the same order; only where `isOrdered`.
    let order: UnsafeMutablePointer<UInt32>
    var isOrdered = false
    let gone: UnsafeMutablePointer<UnsafePointer<Float>>

    init(treeCount: Int) {
        entries = .allocate(capacity: treeCount)
        order = .allocate(capacity: treeCount + 1)
        gone = .allocate(capacity: Self.removalLanes)
    }

    func deallocate() {
        entries.deallocate()
        order.deallocate()
        gone.deallocate()
    }

    @inline(__always)
    func order(trees: Int) {
        // Written to both ends' cursors, without a branch on which it is.
        var first = 0
        var rest = count
        for tree in 0..<trees {
            let planned = first < count && entries[first].tree == tree
            order[planned ? first : rest] = UInt32(truncatingIfNeeded: tree)
            first += planned ? 1 : 0
            rest += planned ? 0 : 1
        }
    }
}
