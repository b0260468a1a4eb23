import RandomCutForestKernel

extension Trees {
    /// Draws where in its tree the point of a walk is to go, as if it had been there when the tree was grown.
    ///
    /// At each level from the leaf up, a cut of the box grown by the point separates the point with the
    /// probability that the walk kept; the highest level where it does gets a new inner node (exact for random cut
    /// trees, Guha et al. 2016, and O(path)).
    @inline(__always)
    func drawSeparation(_ lane: Int, _ walk: Walk, _ generator: inout ForestGenerator) -> Separation {
        if walk.duplicates[lane] { return Separation(level: -1, uniform: 0) }
        let depth = walk.depth(lane)
        let top = walk.top(lane)
        var place = depth
        var level = depth - 1
        while level >= top {
            let separation = Double(walk.separation(lane, level))
            if generator.uniform() < separation { place = level }
            level -= 1
        }
        return Separation(level: place, uniform: generator.uniform())
    }

    /// Finds the cut of a separation. Changes no tree.
    @inline(__always)
    func placeCut(
        _ lane: Int,
        _ separation: inout Separation,
        _ query: Query,
        _ walk: Walk,
        _ points: PointStore,
        kernel: Bool
    ) {
        guard separation.level >= 0 else { return }
        let tree = walk.tree(lane)
        let node = nodes(tree)[walk.node(lane, separation.level)]
        let (minima, maxima) = bounds(tree, node, points)
        if kernel, shape.isNarrow {
            let found = forest_kernel_separate(
                walk.kernel,
                minima,
                maxima,
                query.values,
                separation.uniform
            )
            (separation.dimension, separation.cut) = (Int(found.dimension), found.cut)
        } else {
            (separation.dimension, separation.cut) =
                separatingCut(query.values, minima, maxima, separation.uniform)
        }
    }

    /// Puts the point of a walk into its tree.
    @inline(__always)
    func insert(
        _ lane: Int,
        _ separation: Separation,
        _ query: Query,
        _ newPoint: Int,
        _ walk: Walk,
        _ points: PointStore,
        kernel: Bool
    ) -> Insertion {
        let tree = walk.tree(lane)
        let level = separation.level
        guard level >= 0 else {
            let index = walk.node(lane, walk.depth(lane))
            let leaf = nodes(tree)[index]
            let mass = min(leaf.mass + 1, Node.massLimit)
            nodes(tree)[index] = Node(leafWithPoint: leaf.point, mass: mass, at: index)
            return Insertion(point: leaf.point)
        }
        let node = walk.node(lane, level)
        let moved = split(tree, node, separation, query.values, newPoint, walk, points, kernel: kernel)
        extend(lane, from: level - 1, upTo: walk.top(lane), query.values, walk, kernel: kernel)
        return Insertion(point: newPoint, level: level, node: node, moved: moved)
    }

    /// Grows the boxes on a lane's way, from one level up to another, by a point.
    @inline(__always)
    private func extend(
        _ lane: Int,
        from bottom: Int,
        upTo top: Int,
        _ point: UnsafePointer<Float>,
        _ walk: Walk,
        kernel: Bool
    ) {
        if kernel {
            let (bottom, top) = (Int32(truncatingIfNeeded: bottom), Int32(truncatingIfNeeded: top))
            return forest_kernel_extend(walk.kernel, walk.path + lane, bottom, top, point)
        }
        let tree = walk.tree(lane)
        var level = bottom
        while level >= top {
            let pair = walk.node(lane, level + 1) >> 1
            let box = box(tree, pair)
            setBox(tree, pair, box, box + shape.width, adding: point)
            level -= 1
        }
    }

    /// Puts a new inner node in the place of a node; its children are that node and a leaf of the point.
    ///
    /// - Returns: Where the node is now.
    @inline(__always)
    private func split(
        _ tree: Int,
        _ index: Int,
        _ separation: Separation,
        _ point: UnsafePointer<Float>,
        _ newPoint: Int,
        _ walk: Walk,
        _ points: PointStore,
        kernel: Bool
    ) -> Int {
        let nodes = nodes(tree)
        let node = nodes[index]
        let (minima, maxima) = bounds(tree, node, points)
        let (dimension, cut) = (separation.dimension, separation.cut)
        let side = point[dimension] > cut ? 1 : 0
        let pair = takePair(tree)
        if kernel {
            let pair = UInt32(truncatingIfNeeded: pairCount * tree + pair)
            forest_kernel_set_box(walk.kernel, pair, minima, maxima, point)
        } else {
            setBox(tree, pair, minima, maxima, adding: point)
        }
        let moved = 2 * pair + 1 - side
        nodes[moved] = node.moved(to: moved)
        nodes[2 * pair + side] = Node(leafWithPoint: newPoint, mass: 1, at: 2 * pair + side)
        nodes[index] = Node(cut: cut, dimension: dimension, pair: pair)
        return moved
    }

    /// A cut between a box and a point outside of it, uniform over the gaps.
    @inline(__always)
    private func separatingCut(
        _ point: UnsafePointer<Float>,
        _ minima: UnsafePointer<Float>,
        _ maxima: UnsafePointer<Float>,
        _ uniform: Double
    ) -> (dimension: Int, cut: Float) {
        var total = 0.0
        for dimension in 0..<shape.dimensions {
            let value = Double(point[dimension])
            total += max(0, Double(minima[dimension]) - value) + max(0, value - Double(maxima[dimension]))
        }
        var rest = uniform * total
        var last = 0
        for dimension in 0..<shape.dimensions {
            let value = Double(point[dimension])
            let gap = max(0, Double(minima[dimension]) - value) + max(0, value - Double(maxima[dimension]))
            guard gap > 0 else { continue }
            last = dimension
            if rest < gap { break }
            rest -= gap
        }
        let value = point[last]
        let (low, high) = value < minima[last] ? (value, minima[last]) : (maxima[last], value)
        // In [low, high) also after rounding: what is equal to the cut goes left.
        let cut = Float(Double(low) + rest)
        return (last, cut < high ? max(cut, low) : high.nextDown)
    }

    /// Takes one sample of a point out of the tree that the walk's lane took it down.
    ///
    /// Boxes are made anew from the leaf up while the point was on a side of them. O(depth).
    @inline(__always)
    func remove(
        _ lane: Int,
        point index: Int,
        _ walk: Walk,
        _ points: PointStore,
        _ sampler: Sampler,
        kernel: Bool
    ) {
        let tree = walk.tree(lane)
        let nodes = nodes(tree)
        let depth = walk.depth(lane)
        let place = walk.node(lane, depth)
        let leaf = nodes[place]
        assert(leaf.point == index, "the point's leaf names another point")
        if leaf.mass > 1 {
            let left = leaf.mass < Node.massLimit ? leaf.mass - 1 : sampler.count(tree, point: index)
            nodes[place] = Node(leafWithPoint: leaf.point, mass: min(left, Node.massLimit), at: place)
            return
        }
        guard depth > 0 else { return }
        let parent = walk.node(lane, depth - 1)
        nodes[parent] = nodes[place ^ 1].moved(to: parent)
        freePair(tree, place >> 1)
        let point = UnsafePointer(points.coordinates(index))
        if kernel {
            forest_kernel_repair(
                walk.kernel,
                walk.path + lane,
                Int32(truncatingIfNeeded: walk.rowLanes),
                Int32(truncatingIfNeeded: depth - 2),
                point,
                points.values,
                Int64(points.stride)
            )
        } else {
            repair(lane, from: depth - 2, point, walk, points)
        }
    }

    /// Makes a tree of one point.
    func plant(_ tree: Int, point: Int) {
        nodes(tree)[0] = Node(leafWithPoint: point, mass: 1, at: 0)
    }
}
