// Rows that are missing whole. With a shingle of one row there is nothing to do; with external shingling it is the
// caller who puts points together.

extension RandomCutForest {
    /// Tells the forest that rows are missing between the last one and the next: no point will hold rows
    /// from both sides of the gap.
    ///
    /// Until a new shingle is full, ``isReady`` is false, scores are nil, and rows are counted but not learned.
    /// Does nothing without internal shingling. Rows as Double that are still held back, fewer than a shingle, are
    /// forgotten.
    public func beginShingle() {
        guard shingle.rowCount > 1 else { return }
        if origins.heldRowCount >= shingle.rowCount {
            settleOrigins()
        } else if origins.heldRowCount > 0 {
            updateCount -= origins.heldRowCount
            _ = origins.releaseHeld()
        }
        shingle.clear()
    }

    /// Tells the forest that so many rows are missing between the last one and the next, and has it bridge a short gap.
    ///
    /// Up to half a shingle of missing rows is filled with the medians of ``forecast(steps:coverage:centrality:)``, so
    /// that the next row is scored as if nothing were missing. The filled rows are neither learned nor counted, but
    /// points that are learned after the gap hold them until they have left the shingle. A longer gap, and any
    /// before the forest is ready, begins a new shingle, see ``beginShingle()``.
    ///
    /// - Parameter rowCount: Missing rows, from 1 on.
    /// - Returns: Whether the gap was bridged.
    @discardableResult
    public func fillGap(rowCount: Int) throws(ForestError) -> Bool {
        guard rowCount >= 1 else {
            throw ForestError(.invalidArgument, "rowCount is \(rowCount), must be at least 1")
        }
        guard rowCount <= shingle.rowCount / 2, try forecast(steps: rowCount) != nil else {
            beginShingle()
            return false
        }
        // The forecast has left its medians, as the trees hold values, in the last rows of the query.
        for row in shingle.rowCount - rowCount..<shingle.rowCount {
            shingle.append(query.values + row * shingle.rowSize)
        }
        return true
    }
}
