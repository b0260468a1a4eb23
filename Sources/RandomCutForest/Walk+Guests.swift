/// Points that go down beside the query, each in a tree of its own, on lanes that no tree needs: the walk waits for
/// memory, and has time for them.
extension Walk {
    /// The lane of a guest, of which there are up to ``guestLanes``.
    @inline(__always)
    func guestLane(_ guest: Int, _ all: Trees) -> Int { all.treeCount &+ guest }

    /// Gives the lanes that a guest may share a vector with the query's values.
    @inline(__always)
    func clearGuests(_ query: Query) {
        for dimension in 0..<4 {
            let values = SIMD8(repeating: query.values[dimension])
            UnsafeMutableRawPointer(guests + 8 &* dimension).storeBytes(of: values, as: SIMD8<Float>.self)
        }
    }

    /// Sets a guest's tree and point.
    @inline(__always)
    func setGuest(_ guest: Int, _ tree: Int, _ point: UnsafePointer<Float>, _ all: Trees) {
        let lane = guestLane(guest, all)
        set(lane, tree, all)
        for dimension in 0..<all.shape.dimensions { guests[8 &* dimension &+ lane % 8] = point[dimension] }
    }

    /// Makes a guest's path true again after its tree took another point: a node on it may have gone down one level.
    @inline(__always)
    func follow(_ insertion: Insertion, guest: Int, _ all: Trees) {
        let lane = guestLane(guest, all)
        guard insertion.level >= 0, node(lane, insertion.level) == insertion.node else { return }
        var level = depth(lane)
        while level > insertion.level {
            path[(level + 1) * rowLanes + lane] = path[level * rowLanes + lane]
            level -= 1
        }
        path[(level + 1) * rowLanes + lane] = roots[lane] + UInt32(truncatingIfNeeded: insertion.moved)
        depths[lane] += 1
    }
}
