extension Trees {
    /// Makes a box of two points.
    @inline(__always)
    func setBox(_ tree: Int, _ pair: Int, _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>) {
        let box = box(tree, pair)
        let width = shape.width
        for dimension in 0..<shape.dimensions {
            let one = first[dimension]
            let other = second[dimension]
            box[dimension] = other < one ? other : one
            box[width + dimension] = other > one ? other : one
        }
        finish(tree, pair, box)
    }

    /// Makes a box of another one of the same tree and a point.
    @inline(__always)
    func setBox(_ tree: Int, _ pair: Int, from other: Int, adding point: UnsafePointer<Float>) {
        let box = box(tree, pair)
        let source = self.box(tree, other)
        let width = shape.width
        for dimension in 0..<shape.dimensions {
            let value = point[dimension]
            let minimum = source[dimension]
            let maximum = source[width + dimension]
            box[dimension] = value < minimum ? value : minimum
            box[width + dimension] = value > maximum ? value : maximum
        }
        finish(tree, pair, box)
    }

    /// Grows a box to hold a point. False if it held it already.
    @inline(__always)
    func extend(_ tree: Int, _ pair: Int, by point: UnsafePointer<Float>) -> Bool {
        let box = box(tree, pair)
        let width = shape.width
        var grown = false
        for dimension in 0..<shape.dimensions {
            let value = point[dimension]
            let minimum = box[dimension]
            let maximum = box[width + dimension]
            grown = grown || value < minimum || value > maximum
            box[dimension] = value < minimum ? value : minimum
            box[width + dimension] = value > maximum ? value : maximum
        }
        // Slot 0 is infinite, so this is false at the end of the path.
        if grown, !shape.isNarrow { ranges[tree * pairCount + pair] = BoxShape.wideRange(box, width: width) }
        return grown
    }

    /// Whether a point lies inside a box and on none of its sides.
    @inline(__always)
    func strictlyContains(_ tree: Int, _ pair: Int, _ point: UnsafePointer<Float>) -> Bool {
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
    func rebuildBox(_ tree: Int, _ pair: Int, _ points: PointStore) -> Bool {
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
        if changed, !shape.isNarrow {
            ranges[tree * pairCount + pair] = BoxShape.wideRange(box, width: width)
        }
        return changed
    }

    /// The minima and maxima of what a node holds: its box, or twice its point.
    @inline(__always)
    func bounds(
        _ tree: Int,
        _ node: Node,
        _ points: PointStore
    ) -> (minima: UnsafePointer<Float>, maxima: UnsafePointer<Float>) {
        if node.isLeaf {
            let point = UnsafePointer(points.coordinates(node.point))
            return (point, point)
        }
        let box = UnsafePointer(box(tree, node.pair))
        return (box, box + shape.width)
    }

    @inline(__always)
    private func finish(_ tree: Int, _ pair: Int, _ box: UnsafeMutablePointer<Float>) {
        guard !shape.isNarrow else { return }
        let width = shape.width
        for pad in shape.dimensions..<width {
            box[pad] = 0
            box[width + pad] = 0
        }
        ranges[tree * pairCount + pair] = BoxShape.wideRange(box, width: width)
    }
}
