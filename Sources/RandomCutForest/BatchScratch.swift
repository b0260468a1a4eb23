/// What one thread needs to score rows of a batch: made once, used again for every block of rows.
///
/// A block has up to `lanes` rows. Up to four dimensions its queries lie in rows of lanes, a row for each dimension;
/// wider ones lie one after the other, each as wide as a box.
final class BatchScratch {
    /// Rows in a block: as many as the kernel takes side by side, fewer where they would not stay in the cache.
    let lanes: Int
    let walk: Walk
    let query: Query
    /// The queries, then zeros: a descent that runs past its leaf reads up to 256 values from its query, and
    /// what has no lane any more reads the query after the last.
    let queries: UnsafeMutablePointer<Float>
    /// The sum over the trees, lane by lane.
    let sums: UnsafeMutablePointer<Int64>
    /// Whether the part of the rows that this is for has been scored.
    var isDone = false
    private let shape: BoxShape

    init(trees: Trees) {
        shape = trees.shape
        lanes = min(Walk.largestGroup, max(8, 8192 / shape.width / 8 * 8))
        walk = Walk(trees: trees, rowLanes: lanes)
        query = Query(shape: shape)
        let count = lanes * shape.width + max(shape.width, PointStore.padding)
        queries = .allocate(capacity: count)
        queries.initialize(repeating: 0, count: count)
        sums = .allocate(capacity: lanes)
        sums.initialize(repeating: 0, count: lanes)
    }

    deinit {
        walk.deallocate()
        query.deallocate()
        queries.deallocate()
        sums.deallocate()
    }

    @inline(__always)
    func setQuery(_ lane: Int, _ dimension: Int, _ value: Float) {
        queries[shape.isNarrow ? dimension * lanes + lane : lane * shape.width + dimension] = value
    }

    /// A lane's query, its values side by side.
    func query(_ lane: Int) -> UnsafePointer<Float> {
        guard shape.isNarrow else { return UnsafePointer(queries + lane * shape.width) }
        for dimension in 0..<shape.dimensions { query.values[dimension] = queries[dimension * lanes + lane] }
        return UnsafePointer(query.values)
    }
}
