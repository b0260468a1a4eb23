extension Trees {
    /// Takes one point down the trees of the first `lanes` lanes side by side, and keeps the paths and depths.
    ///
    /// Lanes are taken in fours, so those up to the next multiple of four go down too. Indexes live in the rows of
    /// the path; more than a dozen lanes are enough to hide how long a step takes. A leaf is its own child, so lanes
    /// that have arrived run on until all have. The point needs 256 readable values.
    func descend(_ point: UnsafePointer<Float>, _ walk: Walk, lanes: Int) {
        let (roots, depths) = (walk.roots, walk.depths)
        var row = walk.path
        var lane = 0
        while lane < lanes {
            store4(load4(roots + lane), row + lane)
            store4(SIMD4(), depths + lane)
            lane &+= 4
        }
        while true {
            let next = row + walk.rowLanes
            var moving = SIMD4<Int32>()
            lane = 0
            while lane < lanes {
                let (children, isInner) = step(row + lane, roots + lane, point)
                store4(children, next + lane)
                store4(load4(depths + lane) &- isInner, depths + lane)
                moving |= isInner
                lane &+= 4
            }
            if !any(moving .< 0) { break }
            row = next
        }
    }

    /// One level down for the four lanes whose node indexes are at `row`: the children, and -1 where there was one.
    ///
    /// A node is loaded as half a vector. Indexes are read back one by one from the row, which was stored
    /// four at a time: that is forwarded, and cheaper than taking a vector apart.
    @inline(__always)
    private func step(
        _ row: UnsafePointer<UInt32>,
        _ roots: UnsafePointer<UInt32>,
        _ point: UnsafePointer<Float>
    ) -> (children: SIMD4<UInt32>, isInner: SIMD4<Int32>) {
        let nodes = UnsafeRawPointer(nodes)
        @inline(__always) func place(_ lane: Int) -> UnsafeRawPointer { nodes + 8 &* Int(row[lane]) }
        let (first, second, third, fourth) = (place(0), place(1), place(2), place(3))
        @inline(__always) func value(_ place: UnsafeRawPointer) -> Float {
            point[Int(place.loadUnaligned(fromByteOffset: 4, as: UInt16.self))]
        }
        let values = SIMD4(value(first), value(second), value(third), value(fourth))
        let (low, high) = (loadPairs(first, second), loadPairs(third, fourth))
        let cuts = SIMD4(low[0], low[2], high[0], high[2])
        let targets = unsafeBitCast(SIMD4(low[1], low[3], high[1], high[3]), to: SIMD4<UInt32>.self)
        let left = load4(roots) &+ (targets &>> 15 & fourTimes(0x1FFFE))
        let magnitudes = unsafeBitCast(cuts, to: SIMD4<Int32>.self) & fourTimes(.max)
        return (
            left.replacing(with: left &+ 1, where: values .> cuts),
            (magnitudes &- fourTimes(Int32(Node.leafCut))) &>> 31
        )
    }

    @inline(__always)
    private func step(_ index: UInt32, _ root: UInt32, _ point: UnsafePointer<Float>) -> UInt32 {
        let node = nodes[Int(index)]
        let right: UInt32 = point[node.dimension] > node.cut ? 1 : 0
        return root &+ (UInt32(truncatingIfNeeded: node.bits >> 47) & 0x1FFFE | right)
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
