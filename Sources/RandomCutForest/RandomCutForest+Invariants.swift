extension RandomCutForest {
    /// Checks every invariant of the forest and describes the first that is broken; nil where all hold.
    ///
    /// For tests: O(trees · sampleSize · dimensions), and it allocates.
    func brokenInvariant() -> String? {
        var uses: [Int: Int] = [:]
        for tree in 0..<trees.treeCount {
            if let broken = brokenSampler(tree) ?? brokenTree(tree) { return "tree \(tree): \(broken)" }
            for slot in 0..<sampler.size(tree) { uses[sampler.point(tree, slot), default: 0] += 1 }
        }
        let full = (0..<trees.treeCount).count { sampler.size($0) == sampler.capacity }
        if full != sampler.state.pointee.fullTrees { return "\(full) trees are full, not as counted" }
        return brokenPoints(uses)
    }

    private func brokenPoints(_ uses: [Int: Int]) -> String? {
        for (point, count) in uses where points.useCount(point) != count {
            return "point \(point) has \(count) uses, \(points.useCount(point)) are counted"
        }
        if uses.count != points.liveCount {
            return "\(uses.count) points live, \(points.liveCount) are counted"
        }
        let free = points.freePlaces()
        if Set(free).count != free.count { return "a place is free twice" }
        if free.contains(where: { uses[$0] != nil }) { return "a point in use is free" }
        if free.count + uses.count != points.touchedCount { return "places are lost" }
        return nil
    }

    private func brokenSampler(_ tree: Int) -> String? {
        let size = sampler.size(tree)
        let slots = sampler.values(tree)
        let maxima = sampler.groupMaxima + tree * sampler.groupStride
        for group in 0..<sampler.groupCount {
            let range = group * sampler.groupSize..<(group + 1) * sampler.groupSize
            if range.map({ slots[$0] }).max() != maxima[group] {
                return "the maximum of group \(group) is wrong"
            }
        }
        guard size > 0 else { return nil }
        let largest = (0..<size).map { slots[$0] }.max()
        if largest != slots[Int(sampler.largest[tree])] { return "the largest slot is not the largest" }
        if (0..<size).contains(where: { !(slots[$0] > 0 && slots[$0].isFinite) }) { return "v out of range" }
        let target = sampler.targets[tree]
        if size == sampler.capacity {
            if !(target > sampler.state.pointee.clock) { return "the target has passed" }
        } else if target != .infinity {
            return "a tree that is not full has a target"
        }
        return nil
    }

    private func brokenTree(_ tree: Int) -> String? {
        guard sampler.size(tree) > 0 else { return nil }
        var expected: [Int: Int] = [:]
        for slot in 0..<sampler.size(tree) { expected[sampler.point(tree, slot), default: 0] += 1 }
        var seen: [Int: Int] = [:]
        var pairs: Set<Int> = [0]
        var broken: String?
        let nodes = trees.nodes(tree)
        let dimensions = trees.shape.dimensions
        let width = trees.shape.width

        /// Minima and maxima of what is below the node at `index`.
        func visit(_ index: Int) -> (minima: [Float], maxima: [Float]) {
            let node = nodes[index]
            if node.isLeaf {
                if node.pair != index >> 1 || (node.cut < 0) != (index & 1 == 1) {
                    broken = "leaf \(index) out of place"
                }
                if seen.updateValue(node.mass, forKey: node.point) != nil {
                    broken = "two leaves of one point"
                }
                let point = points.coordinates(node.point)
                let values = (0..<dimensions).map { point[$0] }
                return (values, values)
            }
            if node.pair >= trees.pairCount || !pairs.insert(node.pair).inserted {
                broken = "pair \(node.pair) twice or out of range"
                return ([], [])
            }
            let left = visit(2 * node.pair)
            let right = visit(2 * node.pair + 1)
            if broken != nil { return ([], []) }
            if !(left.maxima[node.dimension] <= node.cut && node.cut < right.minima[node.dimension]) {
                broken = "the cut of \(index) does not separate its children"
            }
            let minima = zip(left.minima, right.minima).map { min($0, $1) }
            let maxima = zip(left.maxima, right.maxima).map { max($0, $1) }
            let box = trees.box(tree, node.pair)
            for dimension in 0..<dimensions
            where box[dimension] != minima[dimension] || box[width + dimension] != maxima[dimension] {
                broken = "the box of pair \(node.pair) is wrong in dimension \(dimension)"
            }
            return (minima, maxima)
        }
        _ = visit(0)
        if let broken { return broken }
        if seen.count != expected.count { return "\(seen.count) leaves for \(expected.count) points" }
        for (point, count) in expected where seen[point] != min(count, Node.massLimit) {
            return "point \(point) has mass \(count), its leaf \(seen[point] ?? 0)"
        }
        var free = 0
        var pair = Int(trees.freePairs[tree])
        while pair < trees.pairCount, free <= trees.pairCount {
            if !pairs.insert(pair).inserted { return "pair \(pair) is free and in use" }
            free += 1
            pair = Int(nodes[2 * pair].bits)
        }
        if pairs.count != trees.pairCount { return "pairs are lost" }
        return nil
    }
}
