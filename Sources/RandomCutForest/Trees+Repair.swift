extension Trees {
    /// Makes the boxes on a lane's way anew, from the level `top` up, after a point was taken out below: as long as
    /// the point was on a side and that side moves. O(dimensions) for each level.
    func repair(
        _ lane: Int,
        from top: Int,
        _ point: UnsafePointer<Float>,
        _ walk: Walk,
        _ points: PointStore
    ) {
        guard top >= 0 else { return }
        if shape.isNarrow {
            repairNarrow(lane, from: top, point, walk, points)
        } else {
            repairWide(lane, from: top, point, walk, points)
        }
    }

    @inline(__always)
    private func repairNarrow(
        _ lane: Int,
        from top: Int,
        _ point: UnsafePointer<Float>,
        _ walk: Walk,
        _ points: PointStore
    ) {
        let tree = walk.tree(lane)
        let nodes = nodes(tree)
        let gone = load4(point)
        let lanes = shape.narrowMask .!= SIMD4()
        var below = walk.node(lane, top + 1)
        let child = bounds(tree, nodes[below], points)
        var (low, high) = (load4(child.minima), load4(child.maxima))
        var level = top
        while true {
            let box = box(tree, below >> 1)
            let (oldLow, oldHigh) = (load4(box), load4(box + shape.width))
            if !any(((gone .== oldLow) .| (gone .== oldHigh)) .& lanes) { return }
            let sibling = bounds(tree, nodes[below ^ 1], points)
            low = smaller(load4(sibling.minima), low)
            high = larger(load4(sibling.maxima), high)
            if !any(((low .!= oldLow) .| (high .!= oldHigh)) .& lanes) { return }
            storeNarrow(low, high, box)
            if level == 0 { return }
            below = walk.node(lane, level)
            level -= 1
        }
    }

    @inline(__always)
    private func repairWide(
        _ lane: Int,
        from top: Int,
        _ point: UnsafePointer<Float>,
        _ walk: Walk,
        _ points: PointStore
    ) {
        let tree = walk.tree(lane)
        var level = top
        while level >= 0 {
            let pair = walk.node(lane, level + 1) >> 1
            if strictlyContains(tree, pair, point) || !rebuildBox(tree, pair, points) { break }
            level -= 1
        }
    }

    /// Whether a point lies inside a box and on none of its sides.
    @inline(__always)
    private func strictlyContains(_ tree: Int, _ pair: Int, _ point: UnsafePointer<Float>) -> Bool {
        let box = box(tree, pair)
        let width = shape.width
        for dimension in 0..<shape.dimensions {
            let value = point[dimension]
            if value <= box[dimension] || value >= box[width + dimension] { return false }
        }
        return true
    }

    /// Makes a box anew from its two children. False if it stays the same.
    @inline(__always)
    private func rebuildBox(_ tree: Int, _ pair: Int, _ points: PointStore) -> Bool {
        let box = box(tree, pair)
        let width = shape.width
        let nodes = nodes(tree)
        let (left, right) = (nodes[2 * pair], nodes[2 * pair + 1])
        let (leftMinima, leftMaxima) = bounds(tree, left, points)
        let (rightMinima, rightMaxima) = bounds(tree, right, points)
        var changed = false
        for dimension in 0..<shape.dimensions {
            let (leftMinimum, rightMinimum) = (leftMinima[dimension], rightMinima[dimension])
            let (leftMaximum, rightMaximum) = (leftMaxima[dimension], rightMaxima[dimension])
            let minimum = rightMinimum < leftMinimum ? rightMinimum : leftMinimum
            let maximum = rightMaximum > leftMaximum ? rightMaximum : leftMaximum
            changed = changed || minimum != box[dimension] || maximum != box[width + dimension]
            box[dimension] = minimum
            box[width + dimension] = maximum
        }
        return changed
    }
}
