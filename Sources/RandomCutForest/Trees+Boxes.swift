extension Trees {
    /// Makes a box of what lies between two corners, and a point. The corners may be the box's own.
    @inline(__always)
    func setBox(
        _ tree: Int,
        _ pair: Int,
        _ minima: UnsafePointer<Float>,
        _ maxima: UnsafePointer<Float>,
        adding point: UnsafePointer<Float>
    ) {
        if shape.isNarrow {
            setNarrowBox(tree, pair, minima, maxima, adding: point)
        } else {
            setWideBox(tree, pair, minima, maxima, adding: point)
        }
    }

    @inline(__always)
    private func setWideBox(
        _ tree: Int,
        _ pair: Int,
        _ minima: UnsafePointer<Float>,
        _ maxima: UnsafePointer<Float>,
        adding point: UnsafePointer<Float>
    ) {
        let box = box(tree, pair)
        let width = shape.width
        for dimension in 0..<shape.dimensions {
            let value = point[dimension]
            let minimum = minima[dimension]
            let maximum = maxima[dimension]
            box[dimension] = value < minimum ? value : minimum
            box[width + dimension] = value > maximum ? value : maximum
        }
        for pad in shape.dimensions..<width {
            box[pad] = 0
            box[width + pad] = 0
        }
    }

    /// The minima and maxima of what a node holds: its box, or twice its point.
    @inline(__always)
    func bounds(
        _ tree: Int,
        _ node: Node,
        _ points: PointStore
    ) -> (minima: UnsafePointer<Float>, maxima: UnsafePointer<Float>) {
        // Both addresses, and no branch: which one it is nobody can foresee. A leaf's pair has a box too.
        let isLeaf = node.isLeaf
        let point = UnsafePointer(points.coordinates(isLeaf ? node.point : 0))
        let box = UnsafePointer(box(tree, node.pair))
        return (isLeaf ? point : box, isLeaf ? point : box + shape.width)
    }
}
