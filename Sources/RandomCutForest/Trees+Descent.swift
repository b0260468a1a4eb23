extension Trees {
    @inline(__always)
    private func step(_ index: UInt32, _ root: UInt32, _ point: UnsafePointer<Float>) -> UInt32 {
        let node = nodes[Int(index)]
        let right: UInt32 = point[node.dimension] > node.cut ? 1 : 0
        return root &+ (UInt32(truncatingIfNeeded: node.bits >> 47) & 0x1FFFE | right)
    }

    /// Takes one point down the trees of `count` lanes side by side, and keeps the paths and depths.
    ///
    /// Indexes live in the rows of the path; a dozen lanes are enough to hide how long a step takes. A
    /// leaf is its own child, so the end is tested for every other level. The point needs 256 readable values.
    @inline(__always)
    func descend(_ point: UnsafePointer<Float>, _ walk: Walk, firstLane: Int, count: Int) {
        let roots = walk.roots + firstLane
        let rowLanes = walk.rowLanes
        var row = walk.path + firstLane
        for lane in 0..<(count + 7) & ~7 { row[lane] = roots[lane] }
        var levels = 0
        while true {
            let middle = row + rowLanes
            let next = middle + rowLanes
            for lane in 0..<count { middle[lane] = step(row[lane], roots[lane], point) }
            var moved: UInt32 = 0
            for lane in 0..<count {
                let index = middle[lane]
                let child = step(index, roots[lane], point)
                next[lane] = child
                moved |= child ^ index
            }
            row = next
            levels += 2
            if moved == 0 { break }
        }
        var first = firstLane
        while first < firstLane + count {
            countLevels(walk, levels, first)
            first += 8
        }
    }

    /// The depth of a lane's leaf is the number of steps that went somewhere.
    @inline(__always)
    private func countLevels(_ walk: Walk, _ levels: Int, _ firstLane: Int) {
        var steps = SIMD8<Int32>()
        var row = UnsafeRawPointer(walk.path + firstLane)
        var here = row.loadUnaligned(as: SIMD8<Int32>.self)
        for _ in 0..<levels {
            row += 4 * walk.rowLanes
            let next = row.loadUnaligned(as: SIMD8<Int32>.self)
            // -1 where they differ: a comparison would go through narrower masks.
            let change = next ^ here
            steps &-= (change | (SIMD8<Int32>() &- change)) &>> 31
            here = next
        }
        UnsafeMutableRawPointer(walk.depths + firstLane).storeBytes(of: steps, as: SIMD8<Int32>.self)
    }

    /// Takes a point of its own down the tree of each of `count` lanes, and keeps the paths and depths.
    @inline(__always)
    func descendEach(
        _ count: Int,
        _ points: UnsafeMutablePointer<UnsafePointer<Float>>,
        _ walk: Walk
    ) {
        let (roots, depths) = (walk.roots, walk.depths)
        var row = walk.path
        for lane in 0..<count {
            row[lane] = roots[lane]
            depths[lane] = 0
        }
        while true {
            let next = row + walk.rowLanes
            var moved: UInt32 = 0
            for lane in 0..<count {
                let index = row[lane]
                let child = step(index, roots[lane], points[lane])
                next[lane] = child
                depths[lane] &+= child != index ? 1 : 0
                moved |= child ^ index
            }
            if moved == 0 { break }
            row = next
        }
    }
}
