extension RandomCutForest {
    /// Scores many rows against the forest as it is: for each row the same bits as ``score(_:)-([Float])``. Learns nothing.
    ///
    /// Faster than row by row, since each tree stays in the cache while a block of rows goes through it. Not for
    /// forests with internal shingling: there each row would need its own past. The first call makes memory for
    /// blocks, later ones allocate nothing.
    ///
    /// - Parameters:
    ///   - rows: Rows of `dimensions` finite values, one after the other.
    ///   - scores: As many places as rows.
    /// - Returns: False, and nothing is written, before the forest is ready.
    public func score(
        rows: UnsafeBufferPointer<Float>,
        into scores: UnsafeMutableBufferPointer<Double>
    ) throws(ForestError) -> Bool {
        try score(rows: rows, into: scores, parts: 1) { $0(0) }
    }

    /// Scores many rows on several threads: the same bits for any number of parts.
    ///
    /// The forest starts no threads, the caller does:
    /// ```swift
    /// try forest.score(rows: rows, into: scores, parts: 8) { part in
    ///     DispatchQueue.concurrentPerform(iterations: 8, execute: part)
    /// }
    /// ```
    /// The call returns when all rows are scored, so the forest keeps its one owner: nothing else may use it meanwhile.
    ///
    /// - Parameters:
    ///   - rows: Rows of `dimensions` finite values, one after the other.
    ///   - scores: As many places as rows.
    ///   - parts: Into how many parts the rows are divided. Each has memory of its own, which the forest keeps.
    ///   - run: Gets a function that scores one part; calls it at most once with each number from 0 to parts - 1,
    ///     on any threads, and returns when all these calls have. Parts that it leaves out are scored afterwards.
    /// - Returns: False, and nothing is written, before the forest is ready.
    public func score(
        rows: UnsafeBufferPointer<Float>,
        into scores: UnsafeMutableBufferPointer<Double>,
        parts: Int,
        run: (_ part: @Sendable (Int) -> Void) -> Void
    ) throws(ForestError) -> Bool {
        guard parts > 0 else { throw ForestError(.invalidArgument, "parts is \(parts), must be at least 1") }
        try check(rows, count: scores.count)
        guard isReady else { return false }
        while batches.count < parts { batches.append(BatchScratch(trees: trees)) }
        for part in 0..<parts { batches[part].isDone = false }
        // While `run` runs, the forest is only read, and each part writes to its own scratch and its own scores.
        nonisolated(unsafe) let (forest, rows, scores) = (self, rows, scores)
        run { forest.score(part: $0, of: parts, rows, into: scores) }
        for part in 0..<parts { score(part: part, of: parts, rows, into: scores) }
        return true
    }

    /// Scores many rows against the forest as it is. Learns nothing.
    ///
    /// - Parameter rows: Rows of `dimensions` finite values, one after the other.
    /// - Returns: A score for each row, or nil before the forest is ready.
    public func scores(ofRows rows: [Float]) throws(ForestError) -> [Double]? {
        var scores = [Double](repeating: 0, count: rows.count / shingle.rowSize)
        let isReady = try rows.withUnsafeBufferPointer { (rows) throws(ForestError) in
            try scores.withUnsafeMutableBufferPointer { (scores) throws(ForestError) in
                try score(rows: rows, into: scores)
            }
        }
        return isReady ? scores : nil
    }

    private func check(_ rows: UnsafeBufferPointer<Float>, count: Int) throws(ForestError) {
        let size = shingle.rowSize
        guard shingle.rowCount == 1 else {
            throw ForestError(.invalidArgument, "a forest with internal shingling scores one row at a time")
        }
        guard rows.count == count * size else {
            throw ForestError(.dimensionMismatch, "\(rows.count) values are not \(count) rows of \(size)")
        }
        // A sum of differences with itself is 0 unless one is not a number.
        var sum: Float = 0
        for value in rows { sum += value - value }
        guard sum != 0 else { return }
        for index in rows.indices where !rows[index].isFinite {
            throw ForestError(
                .notFinite,
                "dimension \(index % size) of row \(index / size) is \(rows[index])",
                dimension: index % size
            )
        }
    }

    /// Scores a part of the rows, unless that is done.
    private func score(
        part: Int,
        of parts: Int,
        _ rows: UnsafeBufferPointer<Float>,
        into scores: UnsafeMutableBufferPointer<Double>
    ) {
        guard 0..<parts ~= part, !batches[part].isDone else { return }
        let scratch = batches[part]
        let range = scores.count * part / parts..<scores.count * (part + 1) / parts
        if usesKernel, sampler.areSizesEqual {
            for first in stride(from: range.lowerBound, to: range.upperBound, by: scratch.lanes) {
                let block = first..<min(first + scratch.lanes, range.upperBound)
                scoreBlock(rows, block, into: scores, scratch)
            }
        } else {
            scoreEach(rows, range, into: scores, scratch)
        }
        scratch.isDone = true
    }

    /// One row after the other.
    private func scoreEach(
        _ rows: UnsafeBufferPointer<Float>,
        _ range: Range<Int>,
        into scores: UnsafeMutableBufferPointer<Double>,
        _ scratch: BatchScratch
    ) {
        let size = shingle.rowSize
        for row in range {
            for dimension in 0..<size {
                scratch.query.values[dimension] = shifted(rows[row * size + dimension], dimension)
            }
            scores[row] = score(scratch.query, scratch.walk)
        }
    }

    /// Up to `lanes` rows, tree by tree.
    private func scoreBlock(
        _ rows: UnsafeBufferPointer<Float>,
        _ block: Range<Int>,
        into scores: UnsafeMutableBufferPointer<Double>,
        _ scratch: BatchScratch
    ) {
        let size = shingle.rowSize
        for lane in 0..<block.count {
            for dimension in 0..<size {
                let value = rows[(block.lowerBound + lane) * size + dimension]
                scratch.setQuery(lane, dimension, shifted(value, dimension))
            }
        }
        scoreLanes(block.count, scratch)
        for lane in 0..<block.count { scores[block.lowerBound + lane] = score(fromSum: scratch.sums[lane]) }
    }

    /// Sums up the trees' scores of the queries on the first `count` lanes. Writes to the scratch only.
    ///
    /// - Precondition: the kernel is used, and the trees' samples are of equal size.
    @inline(__always)
    func scoreLanes(_ count: Int, _ scratch: BatchScratch) {
        for lane in 0..<count { scratch.sums[lane] = 0 }
        let (trees, points, sampler) = (trees, points, sampler)
        for tree in 0..<trees.treeCount {
            trees.scoreBlock(tree, count: count, scratch, points, sampler)
        }
    }
}
