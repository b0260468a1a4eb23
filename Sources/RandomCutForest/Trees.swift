/// All trees of a forest: nodes, boxes and free pairs, each in one flat array.
///
/// Every tree has `pairCount` pairs of nodes. Pair 0 holds the root as its first node; the box that belongs to
/// pair 0 is infinite, so that a walk up needs no test for its end. The box of an inner node belongs to its
/// children's pair, not to the node: a node may move without its box. There are no pointers to parents: the
/// walk down keeps its path.
///
/// The arrays are not bounds-checked. Every index into them is 2·pair or 2·pair + 1 with pair < pairCount, by
/// the invariants that `checkInvariants()` states.
struct Trees {
    let treeCount: Int
    let sampleSize: Int
    let shape: BoxShape
    let pairCount: Int
    let nodes: UnsafeMutablePointer<Node>
    let boxes: UnsafeMutablePointer<Float>
    /// The first free pair of each tree; the first node of a free pair holds the next one.
    let freePairs: UnsafeMutablePointer<UInt32>

    /// Room after the last box, since a narrow box is read four values at a time.
    private static let padding = 8

    /// Each tree is to be cleared or built before it is used.
    init(treeCount: Int, sampleSize: Int, dimensions: Int) {
        self.treeCount = treeCount
        self.sampleSize = sampleSize
        shape = BoxShape(dimensions: dimensions)
        // A tree grows by one leaf before it loses one: sampleSize inner nodes, and pair 0.
        pairCount = sampleSize + 1
        let pairs = treeCount * pairCount
        nodes = .allocate(capacity: 2 * pairs)
        let floats = pairs * shape.stride + Self.padding
        boxes = UnsafeMutableRawPointer.allocate(byteCount: floats * 4, alignment: 64)
            .bindMemory(to: Float.self, capacity: floats)
        freePairs = .allocate(capacity: treeCount)
        (boxes + pairs * shape.stride).initialize(repeating: 0, count: Self.padding)
        for tree in 0..<treeCount {
            let box = box(tree, 0)
            box.initialize(repeating: -.infinity, count: shape.width)
            (box + shape.width).initialize(repeating: .infinity, count: shape.width)
        }
    }

    func deallocate() {
        nodes.deallocate()
        boxes.deallocate()
        freePairs.deallocate()
    }

    /// Makes a tree of nothing.
    func clear(_ tree: Int) {
        nodes(tree)[0] = Node(bits: 0)
        linkPairs(tree, from: 1)
    }

    /// Makes the pairs from one on the free ones.
    func linkPairs(_ tree: Int, from first: Int) {
        let nodes = nodes(tree)
        for pair in first..<pairCount { nodes[2 * pair] = Node(bits: UInt64(pair + 1)) }
        freePairs[tree] = UInt32(truncatingIfNeeded: first)
    }

    @inline(__always)
    func nodes(_ tree: Int) -> UnsafeMutablePointer<Node> { nodes + 2 * pairCount * tree }

    /// The box of the inner node whose children are this pair.
    @inline(__always)
    func box(_ tree: Int, _ pair: Int) -> UnsafeMutablePointer<Float> {
        boxes + (tree * pairCount + pair) * shape.stride
    }

    @inline(__always)
    func takePair(_ tree: Int) -> Int {
        let pair = Int(freePairs[tree])
        freePairs[tree] = UInt32(truncatingIfNeeded: nodes(tree)[2 * pair].bits)
        return pair
    }

    @inline(__always)
    func freePair(_ tree: Int, _ pair: Int) {
        nodes(tree)[2 * pair] = Node(bits: UInt64(freePairs[tree]))
        freePairs[tree] = UInt32(truncatingIfNeeded: pair)
    }
}
