import RandomCutForestKernel

extension Trees {
    /// Adds the scores that one tree gives to the first `count` queries of a block to the block's sums, in the kernel.
    ///
    /// The tree's nodes and boxes stay in the nearest cache while all queries go down and up; the sums are those of
    /// ``score(_:_:lanes:recorded:_:_:kernel:)``.
    @inline(__always)
    func scoreBlock(_ tree: Int, count: Int, _ block: BatchScratch, _ points: PointStore, _ sampler: Sampler)
    {
        var doubtful: Int32 = 0
        let root = UInt32(truncatingIfNeeded: 2 * pairCount * tree)
        forest_kernel_score_block(block.walk.kernel, root, block.queries, Int32(count), block.sums, &doubtful)
        for index in 0..<Int(doubtful) {
            let lane = Int(block.walk.doubtful[index])
            let more = duplicateScore(tree, lane, block.query(lane), block.walk, points, sampler)
            if let more { block.sums[lane] += more }
        }
    }
}
