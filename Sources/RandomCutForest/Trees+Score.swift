import RandomCutForestKernel

extension Trees {
    /// One over the unit in which the scores of trees are summed: integer sums do not depend on the order.
    static let scoreUnit: Float = 0x1p24

    /// Takes the query down the trees of the walk's first `lanes` lanes, and up again as far as boxes do not
    /// contain it.
    ///
    /// Of the first `recorded` lanes the walk keeps what an insertion or an attribution needs. In the kernel the
    /// walk's guests go down too.
    ///
    /// The score of a tree, not yet multiplied with log2(1 + mass): with P the probability that a cut
    /// separates the point at a level, from the leaf up,
    /// score = P / (level + 1) + (1 - P)·score, until a box contains the point (Guha et al. 2016, with the
    /// scoring functions of AWS's forests). A leaf that equals the point scores
    /// (1 - mass / 2n) / (depth + log2(1 + mass)).
    ///
    /// - Returns: The sum of the lanes' scores, in units of 1 / ``scoreUnit``, each truncated.
    @inline(__always)
    func score(
        _ query: Query,
        _ walk: Walk,
        lanes: Int,
        recorded: Int,
        guests: Int = 0,
        _ points: PointStore,
        _ sampler: Sampler,
        kernel: Bool
    ) -> Int64 {
        var sum: Int64 = 0
        var doubtful: Int32 = 0
        if kernel {
            sum = forest_kernel_score(
                walk.kernel,
                query.values,
                guests > 0 ? walk.guests : nil,
                Int32(lanes),
                Int32(recorded),
                &doubtful
            )
        } else {
            sum = scoreLanes(query, walk, lanes, &doubtful)
        }
        for lane in 0..<recorded { walk.duplicates[lane] = false }
        for index in 0..<Int(doubtful) {
            let lane = Int(walk.doubtful[index])
            let more = duplicateScore(walk.tree(lane), lane, query.values, walk, points, sampler)
            guard let more else { continue }
            if lane < recorded { walk.duplicates[lane] = true }
            sum += more
        }
        return sum
    }

    /// Only takes the query down.
    @inline(__always)
    func descend(_ query: Query, _ walk: Walk, lanes: Int, kernel: Bool) {
        if kernel {
            forest_kernel_descend(walk.kernel, query.values, Int32(lanes))
        } else {
            descend(query.values, walk, lanes: lanes)
        }
    }

    /// The same as the kernel, bit for bit.
    private func scoreLanes(
        _ query: Query,
        _ walk: Walk,
        _ lanes: Int,
        _ doubtful: inout Int32
    ) -> Int64 {
        descend(query.values, walk, lanes: lanes)
        switch shape.dimensions {
        case 1: NarrowClimb<1>.climb(lanes: lanes, query, walk, boxes)
        case 2: NarrowClimb<2>.climb(lanes: lanes, query, walk, boxes)
        case 3: NarrowClimb<3>.climb(lanes: lanes, query, walk, boxes)
        case 4: NarrowClimb<4>.climb(lanes: lanes, query, walk, boxes)
        default: for lane in 0..<lanes { walk.scores[lane] = climbWide(lane, query, walk) }
        }
        var sum: Int64 = 0
        for lane in 0..<lanes {
            sum &+= Int64(Int32(walk.scores[lane] * Self.scoreUnit))
            // Only where the lowest box contains the point can it equal the leaf's.
            if walk.climbs[lane] == 0 {
                walk.doubtful[Int(doubtful)] = UInt32(truncatingIfNeeded: lane)
                doubtful += 1
            }
        }
        return sum
    }

    /// O(dimensions) for each level up to the first box that contains the point: about 4 in practice.
    @inline(__always)
    private func climbWide(_ lane: Int, _ query: Query, _ walk: Walk) -> Float {
        let (width, rowLanes) = (shape.width, walk.rowLanes)
        let depth = walk.depth(lane)
        var level = depth
        var place = walk.path + (level * rowLanes + lane)
        var separations = walk.separations + lane
        var score = walk.inverses[level]
        while true {
            let pair = Int(place.pointee >> 1)
            let box = boxes + 2 * width * pair
            let outside = BoxShape.wideGap(box, width: width, query.values)
            // A box's sides are points: outside by nothing means inside.
            if !(outside > 0) { break }
            level -= 1
            place -= rowLanes
            let separation = outside / (BoxShape.wideRange(box, width: width) + outside)
            separations.pointee = separation
            separations += rowLanes
            score = separation * walk.inverses[level] + (1 - separation) * score
        }
        walk.climbs[lane] = Int32(truncatingIfNeeded: depth - level)
        return score
    }

    /// What the score of a lane is more than that of a point that its leaf separates, if the point equals the leaf's.
    @inline(__always)
    func duplicateScore(
        _ tree: Int,
        _ lane: Int,
        _ point: UnsafePointer<Float>,
        _ walk: Walk,
        _ points: PointStore,
        _ sampler: Sampler
    ) -> Int64? {
        let depth = walk.depth(lane)
        let leaf = nodes(tree)[walk.node(lane, depth)]
        guard equals(points.coordinates(leaf.point), point) else { return nil }
        let seen = seenScore(depth, mass(tree, leaf, sampler), sampler.size(tree))
        return Int64(Int32(seen * Self.scoreUnit)) - Int64(Int32(walk.inverses[depth] * Self.scoreUnit))
    }

    /// The score of one recorded lane, in full precision.
    func score(_ lane: Int, _ walk: Walk, _ sampler: Sampler) -> Float {
        let depth = walk.depth(lane)
        let tree = walk.tree(lane)
        if walk.duplicates[lane] {
            let leaf = nodes(tree)[walk.node(lane, depth)]
            return seenScore(depth, mass(tree, leaf, sampler), sampler.size(tree))
        }
        var score = walk.inverses[depth]
        var level = depth - 1
        while level >= walk.top(lane) {
            let separation = walk.separation(lane, level)
            score = separation * walk.inverses[level] + (1 - separation) * score
            level -= 1
        }
        return score
    }

    @inline(__always)
    func equals(_ one: UnsafePointer<Float>, _ other: UnsafePointer<Float>) -> Bool {
        for dimension in 0..<shape.dimensions where one[dimension] != other[dimension] { return false }
        return true
    }

    /// The number of samples that share a leaf.
    @inline(__always)
    func mass(_ tree: Int, _ leaf: Node, _ sampler: Sampler) -> Int {
        if leaf.mass < Node.massLimit { return leaf.mass }
        return sampler.count(tree, point: leaf.point)
    }

    func seenScore(_ depth: Int, _ mass: Int, _ treeMass: Int) -> Float {
        let damping = 1 - Double(mass) / (2 * Double(treeMass))
        return Float(damping / (Double(depth) + binaryLogarithm(Double(1 + mass))))
    }
}
