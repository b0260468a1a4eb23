extension Trees {
    @inline(__always)
    private static func step(
        _ nodes: UnsafeMutablePointer<Node>,
        _ index: UInt32,
        _ point: UnsafePointer<Float>
    ) -> UInt32 {
        let node = nodes[Int(index)]
        let right: UInt32 = point[node.dimension] > node.cut ? 1 : 0
        return UInt32(truncatingIfNeeded: node.bits >> 47) & 0x1FFFE | right
    }

    /// Takes one point down eight trees side by side, as far as the leaves, and keeps the paths and depths.
    ///
    /// The trees are those of `walk.trees`; a tree may come twice. The point needs 256 readable values.
    func descend(_ point: UnsafePointer<Float>, _ walk: Walk) {
        let (n0, n1) = (nodes(walk.trees[0]), nodes(walk.trees[1]))
        let (n2, n3) = (nodes(walk.trees[2]), nodes(walk.trees[3]))
        let (n4, n5) = (nodes(walk.trees[4]), nodes(walk.trees[5]))
        let (n6, n7) = (nodes(walk.trees[6]), nodes(walk.trees[7]))
        var (i0, i1, i2, i3): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        var (i4, i5, i6, i7): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        var row = walk.path
        for lane in 0..<Walk.lanes { row[lane] = 0 }
        var levels = 0
        while true {
            // Four levels between tests for the end: a leaf is its own child.
            var moved: UInt32 = 0
            for _ in 0..<4 {
                row += Walk.lanes
                let (j0, j1) = (Self.step(n0, i0, point), Self.step(n1, i1, point))
                let (j2, j3) = (Self.step(n2, i2, point), Self.step(n3, i3, point))
                let (j4, j5) = (Self.step(n4, i4, point), Self.step(n5, i5, point))
                let (j6, j7) = (Self.step(n6, i6, point), Self.step(n7, i7, point))
                row[0] = j0
                row[1] = j1
                row[2] = j2
                row[3] = j3
                row[4] = j4
                row[5] = j5
                row[6] = j6
                row[7] = j7
                moved =
                    (i0 ^ j0) | (i1 ^ j1) | (i2 ^ j2) | (i3 ^ j3) | (i4 ^ j4) | (i5 ^ j5) | (i6 ^ j6)
                    | (i7 ^ j7)
                (i0, i1, i2, i3, i4, i5, i6, i7) = (j0, j1, j2, j3, j4, j5, j6, j7)
            }
            levels += 4
            if moved == 0 { break }
        }
        countLevels(walk, levels)
    }

    /// The depth of a lane's leaf is the number of steps that went somewhere.
    @inline(__always)
    private func countLevels(_ walk: Walk, _ levels: Int) {
        var steps = SIMD8<Int32>()
        var row = UnsafeRawPointer(walk.path)
        var here = row.loadUnaligned(as: SIMD8<Int32>.self)
        for _ in 0..<levels {
            row += 4 * Walk.lanes
            let next = row.loadUnaligned(as: SIMD8<Int32>.self)
            // -1 where they differ.
            steps &-= unsafeBitCast(next .!= here, to: SIMD8<Int32>.self)
            here = next
        }
        for lane in 0..<Walk.lanes { walk.depths[lane] = Int(steps[lane]) }
    }

    /// The depth of the leaf that one point reaches in one tree; the path is lane 0 of the walk.
    @inline(__always)
    func descend(_ point: UnsafePointer<Float>, _ tree: Int, _ walk: Walk) -> Int {
        let nodes = nodes(tree)
        var index: UInt32 = 0
        var level = 0
        walk.path[0] = 0
        while !nodes[Int(index)].isLeaf {
            index = Self.step(nodes, index, point)
            level += 1
            walk.path[level * Walk.lanes] = index
        }
        return level
    }
}
