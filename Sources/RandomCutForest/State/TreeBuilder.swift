/// Fills the trees of a new forest from a saved state.
struct TreeBuilder {
    let forest: RandomCutForest
    let pointCount: Int
    private let wide: Bool
    /// Samples of the present tree by point; 0 again once the point has its leaf.
    private var masses: [UInt32]
    private var distinct: [UInt32] = []
    private var minima: [Float]
    private var maxima: [Float]

    init(forest: RandomCutForest, pointCount: Int) {
        self.forest = forest
        self.pointCount = pointCount
        wide = pointCount > 65_536
        masses = Array(repeating: 0, count: pointCount)
        minima = Array(repeating: 0, count: forest.points.stride)
        maxima = minima
    }

    mutating func loadSamples(
        _ tree: Int,
        size: Int,
        target: Double,
        _ reader: inout StateReader
    ) throws(ForestError) {
        let sampler = forest.sampler
        let values = sampler.values + tree * sampler.groupCount * sampler.groupSize
        let slots = sampler.points + tree * sampler.capacity
        for slot in 0..<size {
            let value = try reader.float()
            guard value > 0, value.isFinite else { throw reader.damaged("v of tree \(tree) is \(value)") }
            values[slot] = value
        }
        distinct.removeAll(keepingCapacity: true)
        for slot in 0..<size {
            let point = try reader.index(below: pointCount, wide: wide)
            slots[slot] = UInt32(truncatingIfNeeded: point)
            if masses[point] == 0 { distinct.append(slots[slot]) }
            masses[point] += 1
            forest.points.retain(point)
        }
        // Putting the last slot of each group again finds the group's largest. The draws are of no use.
        sampler.sizes[tree] = UInt32(size - 1)
        var unused = ForestGenerator(seed: 0)
        var slot = min(sampler.groupSize, size) - 1
        while true {
            sampler.put(tree, slot: slot, value: values[slot], point: Int(slots[slot]), &unused)
            if slot == size - 1 { break }
            slot = min(slot + sampler.groupSize, size - 1)
        }
        sampler.targets[tree] = target
    }

    private mutating func setLeaf(_ tree: Int, _ index: Int, _ point: Int) {
        let mass = min(Int(masses[point]), Node.massLimit)
        masses[point] = 0
        forest.trees.nodes(tree)[index] = Node(leafWithPoint: point, mass: mass, at: index)
    }

    /// Reads the nodes, then makes the boxes from below and checks that each cut lies between its two sides.
    mutating func readTree(_ tree: Int, _ reader: inout StateReader) throws(ForestError) {
        let trees = forest.trees
        let nodes = trees.nodes(tree)
        var parents: [Int] = []
        var leaves = 0
        var pending = [0]
        while let index = pending.popLast() {
            let word = try reader.take(UInt16.self)
            if word == RandomCutForest.stateLeaf {
                let point = try reader.index(below: pointCount, wide: wide)
                guard masses[point] > 0 else { throw reader.damaged("a leaf of tree \(tree) has no sample") }
                setLeaf(tree, index, point)
                leaves += 1
            } else {
                let cut = try reader.float()
                guard abs(cut) <= Query.limit, Int(word) < trees.shape.dimensions,
                    parents.count + 1 < distinct.count
                else {
                    throw reader.damaged("a cut of tree \(tree) is in dimension \(word), or one too many")
                }
                // A new tree's pairs come in order, so parents come before children.
                let pair = trees.takePair(tree)
                nodes[index] = Node(cut: cut, dimension: Int(word), pair: pair)
                parents.append(index)
                pending.append(2 * pair + 1)
                pending.append(2 * pair)
            }
        }
        guard leaves == distinct.count else { throw reader.damaged("tree \(tree) lacks a leaf") }
        for parent in parents.reversed() {
            let node = nodes[parent]
            let (leftMinima, leftMaxima) = trees.bounds(tree, nodes[2 * node.pair], forest.points)
            let (rightMinima, rightMaxima) = trees.bounds(tree, nodes[2 * node.pair + 1], forest.points)
            guard leftMaxima[node.dimension] <= node.cut, node.cut < rightMinima[node.dimension] else {
                throw reader.damaged("a cut of tree \(tree) does not lie between its sides")
            }
            for dimension in minima.indices {
                minima[dimension] = min(leftMinima[dimension], rightMinima[dimension])
                maxima[dimension] = max(leftMaxima[dimension], rightMaxima[dimension])
            }
            trees.setBox(tree, node.pair, minima, maxima)
        }
    }

    /// Grows the tree by random cuts from the root down: the distribution is that of insertions one by one (Guha
    /// et al. 2016).
    mutating func growTree(
        _ tree: Int,
        _ generator: inout ForestGenerator,
        _ reader: StateReader
    ) throws(ForestError) {
        let (trees, points) = (forest.trees, forest.points)
        var pending = [(index: 0, first: 0, end: distinct.count)]
        while let (index, first, end) = pending.popLast() {
            if end - first == 1 {
                setLeaf(tree, index, Int(distinct[first]))
                continue
            }
            measure(first, end)
            var total = 0.0
            for dimension in minima.indices { total += Double(maxima[dimension]) - Double(minima[dimension]) }
            guard total > 0 else { throw reader.damaged("two points of tree \(tree) are equal") }
            var rest = generator.uniform() * total
            var chosen = 0
            for dimension in minima.indices {
                let range = Double(maxima[dimension]) - Double(minima[dimension])
                guard range > 0 else { continue }
                chosen = dimension
                if rest < range { break }
                rest -= range
            }
            let (low, high) = (minima[chosen], maxima[chosen])
            let drawn = Float(Double(low) + rest)
            // What is equal to the cut goes left.
            let cut = drawn < high ? max(drawn, low) : high.nextDown
            var middle = first
            for place in first..<end where points.coordinates(Int(distinct[place]))[chosen] <= cut {
                distinct.swapAt(place, middle)
                middle += 1
            }
            let pair = trees.takePair(tree)
            trees.nodes(tree)[index] = Node(cut: cut, dimension: chosen, pair: pair)
            trees.setBox(tree, pair, minima, maxima)
            pending.append((2 * pair + 1, middle, end))
            pending.append((2 * pair, first, middle))
        }
    }

    /// The box of some of the distinct points.
    private mutating func measure(_ first: Int, _ end: Int) {
        let points = forest.points
        let start = points.coordinates(Int(distinct[first]))
        for dimension in minima.indices {
            minima[dimension] = start[dimension]
            maxima[dimension] = start[dimension]
        }
        for place in first + 1..<end {
            let point = points.coordinates(Int(distinct[place]))
            for dimension in minima.indices {
                minima[dimension] = min(minima[dimension], point[dimension])
                maxima[dimension] = max(maxima[dimension], point[dimension])
            }
        }
    }
}
