extension TreeBuilder {
    /// Grows a tree whose samples were read, by random cuts from the root down: the distribution is that of insertions
    /// one by one (Guha et al. 2016). O(size · log size · dimensions) on data that is not degenerate.
    func growNodes(
        _ tree: Int,
        size: Int,
        _ generator: inout ForestGenerator,
        _ reader: StateReader
    ) throws(ForestError) {
        let count = listLeaves(tree, size: size)
        let shape = forest.trees.shape
        let isGrown =
            shape.isNarrow
            ? grow(tree, count, &generator, growth.narrow, measureNarrow) { $0[$1] }
            : grow(tree, count, &generator, growth.wide, measureWide) { $0[$1] }
        guard isGrown else { throw reader.damaged("two points of tree \(tree) are equal") }
        forest.trees.linkPairs(tree, from: count)
    }

    /// Lists the distinct points of the samples. Their number is the result.
    private func listLeaves(_ tree: Int, size: Int) -> Int {
        let (points, growth, sampler) = (forest.points, growth, forest.sampler)
        let isNarrow = forest.trees.shape.isNarrow
        var count = 0
        for slot in 0..<size {
            let point = sampler.point(tree, slot)
            let mass = counts[point].place()
            guard mass > 0 else { continue }
            growth.leaves[count] = Node(leafWithPoint: point, mass: min(mass, Node.massLimit), at: 0)
            let values = UnsafePointer(points.coordinates(point))
            if isNarrow { growth.narrow[count] = load4(values) } else { growth.wide[count] = values }
            count += 1
        }
        return count
    }

    /// - Returns: False if two points are equal.
    @inline(__always)
    private func grow<Point>(
        _ tree: Int,
        _ count: Int,
        _ generator: inout ForestGenerator,
        _ points: UnsafeMutablePointer<Point>,
        _ measure: (_ box: UnsafeMutablePointer<Float>, _ first: Int, _ end: Int) -> Void,
        _ value: (_ point: Point, _ dimension: Int) -> Float
    ) -> Bool {
        let trees = forest.trees
        let nodes = trees.nodes(tree)
        let (pending, leaves) = (growth.pending, growth.leaves)
        var pair = 0
        pending[0] = TreeGrowth.Part(index: 0, first: 0, end: count)
        var pendingCount = 1
        while pendingCount > 0 {
            pendingCount -= 1
            let part = pending[pendingCount]
            if part.end - part.first == 1 {
                nodes[part.index] = leaves[part.first].moved(to: part.index)
                continue
            }
            pair += 1
            let box = trees.box(tree, pair)
            measure(box, part.first, part.end)
            guard let (dimension, cut) = randomCut(box, &generator) else { return false }
            // Each point is swapped to the left part's end, which goes on only if it belongs there: by the sign of a
            // difference, since a comparison would compile to a branch.
            var middle = part.first
            for place in part.first..<part.end {
                let (point, leaf) = (points[place], leaves[place])
                (points[place], leaves[place]) = (points[middle], leaves[middle])
                (points[middle], leaves[middle]) = (point, leaf)
                let difference = cut - value(point, dimension)
                middle &+= 1 &+ Int(Int32(bitPattern: difference.bitPattern) &>> 31)
            }
            nodes[part.index] = Node(cut: cut, dimension: dimension, pair: pair)
            pending[pendingCount] = TreeGrowth.Part(index: 2 * pair + 1, first: middle, end: part.end)
            pending[pendingCount + 1] = TreeGrowth.Part(index: 2 * pair, first: part.first, end: middle)
            pendingCount += 2
        }
        return true
    }

    /// A cut of a box, uniform over its sides; nil if the box is one point.
    @inline(__always)
    private func randomCut(
        _ box: UnsafePointer<Float>,
        _ generator: inout ForestGenerator
    ) -> (dimension: Int, cut: Float)? {
        let shape = forest.trees.shape
        var total = 0.0
        for dimension in 0..<shape.dimensions {
            total += Double(box[shape.width + dimension]) - Double(box[dimension])
        }
        guard total > 0 else { return nil }
        var rest = generator.uniform() * total
        var chosen = 0
        for dimension in 0..<shape.dimensions {
            let range = Double(box[shape.width + dimension]) - Double(box[dimension])
            guard range > 0 else { continue }
            chosen = dimension
            if rest < range { break }
            rest -= range
        }
        let (low, high) = (box[chosen], box[shape.width + chosen])
        let drawn = Float(Double(low) + rest)
        // What is equal to the cut goes left, and the largest value may not.
        return (chosen, drawn < high ? max(drawn, low) : high.nextDown)
    }

    @inline(__always)
    private func measureNarrow(_ box: UnsafeMutablePointer<Float>, _ first: Int, _ end: Int) {
        let points = growth.narrow
        var minima = points[first]
        var maxima = minima
        for place in first + 1..<end {
            minima = smaller(minima, points[place])
            maxima = larger(maxima, points[place])
        }
        setNarrowBox(box, forest.trees.shape.width, minima, maxima)
    }

    @inline(__always)
    private func measureWide(_ box: UnsafeMutablePointer<Float>, _ first: Int, _ end: Int) {
        let (points, shape) = (growth.wide, forest.trees.shape)
        var place = 0
        while place < shape.dimensions {
            var minima = load8(points[first] + place)
            var maxima = minima
            for index in first + 1..<end {
                let values = load8(points[index] + place)
                minima = smaller(minima, values)
                maxima = larger(maxima, values)
            }
            setWideBox(box, shape, place, minima, maxima)
            place += 8
        }
    }
}
