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

    let entries: UnsafeMutablePointer<Entry>
    var count = 0

    init(treeCount: Int) {
        entries = .allocate(capacity: treeCount)
    }

    func deallocate() { entries.deallocate() }
}
