import RandomCutForestKernel

/// The ways down and up of one point in a group of trees, in memory that is used again for every point.
///
/// A group has up to 64 lanes, one for each tree; `trees` says which. Level 0 is the root. `path` has a row of lanes
/// for each level, with the index among all nodes of the node that the lane passed there; from its leaf on the leaf
/// repeats. For recorded lanes `separations` has a row for each level above the leaf whose box does not contain
/// the point: the probability that a random cut of the box grown by the point separates the point from the rest.
struct Walk {
    static let largestGroup = 64
    /// Rows before the root's, all 0: the kernel looks up to so many levels further up than a lane has to go.
    private static let rowsAboveRoot = 2

    /// Lanes in a row: a multiple of 8.
    let rowLanes: Int
    let trees: UnsafeMutablePointer<Int32>
    let roots: UnsafeMutablePointer<UInt32>
    let path: UnsafeMutablePointer<UInt32>
    let separations: UnsafeMutablePointer<Float>
    /// The level of the lane's leaf.
    let depths: UnsafeMutablePointer<Int32>
    /// The scores of lanes in Swift.
    let scores: UnsafeMutablePointer<Float>
    /// Of recorded lanes: the number of levels above the leaf whose box does not contain the point.
    let climbs: UnsafeMutablePointer<Int32>
    /// Of recorded lanes: whether the leaf's point equals the query.
    let duplicates: UnsafeMutablePointer<Bool>
    /// 1 / (level + 1): the score of a point that a cut at this level separates.
    let inverses: UnsafeMutablePointer<Float>
    /// Lanes that may equal their leaf, as many as the last score said.
    let doubtful: UnsafeMutablePointer<UInt32>
    /// The values of the last eight lanes where guests are among them: four rows, one for each dimension.
    let guests: UnsafeMutablePointer<Float>
    /// Lanes after those of all trees, where other points may go down beside the query: none if the trees have no walk of
    /// their own, or the points more than four dimensions.
    let guestLanes: Int
    private let scratch: UnsafeMutablePointer<UInt32>
    private let blockScores: UnsafeMutablePointer<UInt32>
    /// The same for the kernel.
    let kernel: UnsafeMutablePointer<forest_kernel_walk>

    /// - Parameter rowLanes: As many as make groups of equal size, unless it is given.
    init(trees all: Trees, rowLanes wanted: Int? = nil) {
        let vectors = (all.treeCount + 7) / 8
        let groupCount = (8 * vectors + Self.largestGroup - 1) / Self.largestGroup
        rowLanes = wanted ?? (vectors + groupCount - 1) / groupCount * 8
        let levels = all.sampleSize + 16
        trees = .allocate(capacity: rowLanes)
        trees.initialize(repeating: 0, count: rowLanes)
        roots = .allocate(capacity: rowLanes)
        roots.initialize(repeating: 0, count: rowLanes)
        let rows = levels + Self.rowsAboveRoot
        path = .allocate(capacity: rows * rowLanes) + Self.rowsAboveRoot * rowLanes
        (path - Self.rowsAboveRoot * rowLanes).initialize(
            repeating: 0,
            count: Self.rowsAboveRoot * rowLanes
        )
        separations = .allocate(capacity: levels * rowLanes)
        depths = .allocate(capacity: rowLanes)
        depths.initialize(repeating: 0, count: rowLanes)
        scores = .allocate(capacity: rowLanes)
        scores.initialize(repeating: 0, count: rowLanes)
        climbs = .allocate(capacity: rowLanes)
        climbs.initialize(repeating: 0, count: rowLanes)
        duplicates = .allocate(capacity: rowLanes)
        duplicates.initialize(repeating: false, count: rowLanes)
        inverses = .allocate(capacity: levels)
        for level in 0..<levels { inverses[level] = 1 / Float(level + 1) }
        doubtful = .allocate(capacity: rowLanes)
        guests = .allocate(capacity: 4 * 8)
        guests.initialize(repeating: 0, count: 4 * 8)
        guestLanes = all.shape.dimensions <= 4 ? max(0, rowLanes - all.treeCount) % 8 : 0
        scratch = .allocate(capacity: 8 * (rowLanes + 8))
        scratch.initialize(repeating: 0, count: 8 * (rowLanes + 8))
        blockScores = .allocate(capacity: rowLanes + 1)
        kernel = .allocate(capacity: 1)
        kernel.initialize(
            to: forest_kernel_walk(
                nodes: UnsafeRawPointer(all.nodes).assumingMemoryBound(to: UInt64.self),
                boxes: all.boxes,
                width: Int32(all.shape.width),
                dimensions: Int32(all.shape.dimensions),
                row_lanes: Int32(rowLanes),
                roots: roots,
                path: path,
                depths: depths,
                separations: separations,
                climbs: climbs,
                scratch: scratch,
                doubtful: doubtful,
                scores: blockScores
            )
        )
    }

    func deallocate() {
        trees.deallocate()
        roots.deallocate()
        (path - Self.rowsAboveRoot * rowLanes).deallocate()
        separations.deallocate()
        depths.deallocate()
        scores.deallocate()
        climbs.deallocate()
        duplicates.deallocate()
        inverses.deallocate()
        doubtful.deallocate()
        guests.deallocate()
        scratch.deallocate()
        blockScores.deallocate()
        kernel.deallocate()
    }

    @inline(__always)
    func set(_ lane: Int, _ tree: Int, _ all: Trees) {
        trees[lane] = Int32(truncatingIfNeeded: tree)
        roots[lane] = UInt32(truncatingIfNeeded: 2 &* all.pairCount &* tree)
    }

    /// Puts trees on the first `lanes` lanes, and the last of them on those that fill up a vector.
    @inline(__always)
    func set(_ lanes: Int, from order: UnsafePointer<UInt32>, _ all: Trees) {
        let nodes = UInt32(truncatingIfNeeded: 2 &* all.pairCount)
        for lane in 0..<lanes {
            trees[lane] = Int32(truncatingIfNeeded: order[lane])
            roots[lane] = nodes &* order[lane]
        }
        for lane in lanes..<(lanes + 7) & ~7 { set(lane, tree(lanes - 1), all) }
    }

    @inline(__always)
    func tree(_ lane: Int) -> Int { Int(trees[lane]) }

    @inline(__always)
    func depth(_ lane: Int) -> Int { Int(depths[lane]) }

    /// The lowest level whose box does not contain the point; the leaf's level where all boxes do. For recorded lanes.
    @inline(__always)
    func top(_ lane: Int) -> Int { Int(depths[lane] - climbs[lane]) }

    /// The index in its tree of the node that the lane passed at a level.
    @inline(__always)
    func node(_ lane: Int, _ level: Int) -> Int { Int(path[level * rowLanes + lane] - roots[lane]) }

    /// The probability of a separating cut at a level from `top` to just above the leaf. For recorded lanes.
    @inline(__always)
    func separation(_ lane: Int, _ level: Int) -> Float {
        separations[(Int(depths[lane]) - 1 - level) * rowLanes + lane]
    }
}
