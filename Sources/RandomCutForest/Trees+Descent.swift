extension Trees {
    @inline(__always)
    private func step(_ index: UInt32, _ root: UInt32, _ point: UnsafePointer<Float>) -> UInt32 {
        let node = nodes[Int(index)]
        let right: UInt32 = point[node.dimension] > node.cut ? 1 : 0
        return root &+ (UInt32(truncatingIfNeeded: node.bits >> 47) & 0x1FFFE | right)
    }

    /// Takes one point down the trees of eight lanes side by side, and keeps the paths and depths.
    ///
    /// A tree may come twice. The point needs 256 readable values.
    @inline(__always)
    func descend(_ point: UnsafePointer<Float>, _ walk: Walk, firstLane: Int) {
        let roots = walk.roots + firstLane
        let (r0, r1, r2, r3) = (roots[0], roots[1], roots[2], roots[3])
        let (r4, r5, r6, r7) = (roots[4], roots[5], roots[6], roots[7])
        var (i0, i1, i2, i3, i4, i5, i6, i7) = (r0, r1, r2, r3, r4, r5, r6, r7)
        var row = walk.path + firstLane
        for lane in 0..<8 { row[lane] = roots[lane] }
        var levels = 0
        while true {
            // Two levels between tests for the end: a leaf is its own child.
            var moved: UInt32 = 0
            for _ in 0..<2 {
                row += walk.rowLanes
                let (j0, j1) = (step(i0, r0, point), step(i1, r1, point))
                let (j2, j3) = (step(i2, r2, point), step(i3, r3, point))
                row[0] = j0
                row[1] = j1
                row[2] = j2
                row[3] = j3
                moved = (i0 ^ j0) | (i1 ^ j1) | (i2 ^ j2) | (i3 ^ j3)
                (i0, i1, i2, i3) = (j0, j1, j2, j3)
                let (j4, j5) = (step(i4, r4, point), step(i5, r5, point))
                let (j6, j7) = (step(i6, r6, point), step(i7, r7, point))
                row[4] = j4
                row[5] = j5
                row[6] = j6
                row[7] = j7
                moved |= (i4 ^ j4) | (i5 ^ j5) | (i6 ^ j6) | (i7 ^ j7)
                (i4, i5, i6, i7) = (j4, j5, j6, j7)
            }
            levels += 2
            if moved == 0 { break }
        }
        countLevels(walk, levels, firstLane)
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
