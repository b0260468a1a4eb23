extension TreeBuilder {
    /// Makes the boxes of a tree whose nodes are in their places, those of later pairs first: children before parents.
    ///
    /// False if a cut does not lie between its two sides. O(leaves · dimensions).
    @inline(__always)
    func makeBoxes<Dimension: FixedWidthInteger>(_ tree: Int, _ stored: StoredNodes<Dimension>) -> Bool {
        forest.trees.shape.isNarrow
            ? makeBoxes(tree, stored) { makeNarrowBox($0, $1, $2) }
            : makeBoxes(tree, stored) { makeWideBox($0, $1, $2) }
    }

    @inline(__always)
    private func makeBoxes<Dimension: FixedWidthInteger>(
        _ tree: Int,
        _ stored: StoredNodes<Dimension>,
        _ make: (_ index: Int, _ left: Bounds, _ right: Bounds) -> Void
    ) -> Bool {
        let trees = forest.trees
        let nodes = trees.nodes(tree)
        let firstPair = tree * trees.pairCount
        var areSeparate = true
        var inner = stored.leafCount - 2
        while inner >= 0 {
            // The pair of the inner node's children.
            let pair = inner &+ 1
            let left = bounds(nodes[2 &* pair], firstPair)
            let right = bounds(nodes[2 &* pair &+ 1], firstPair)
            let dimension = Int(truncatingIfNeeded: stored.dimensions[inner])
            let cut = Float(bitPattern: stored.cuts[inner])
            areSeparate = areSeparate && left.maxima[dimension] <= cut && cut < right.minima[dimension]
            make(firstPair &+ pair, left, right)
            inner &-= 1
        }
        return areSeparate
    }

    private struct Bounds {
        let minima: UnsafePointer<Float>
        let maxima: UnsafePointer<Float>
    }

    /// As `Trees.bounds`, by masks instead of a branch: whether a node is a leaf is anyone's guess.
    @inline(__always)
    private func bounds(_ node: Node, _ firstPair: Int) -> Bounds {
        let (trees, points) = (forest.trees, forest.points)
        let isLeaf = node.leafMask
        let point = UInt(bitPattern: points.values) &+ UInt(bitPattern: 4 &* points.stride &* node.point)
        let box =
            UInt(bitPattern: trees.boxes)
            &+ UInt(bitPattern: 4 &* trees.shape.stride &* (firstPair &+ node.pair))
        // One of the two addresses, as an offset from the boxes. A node's other meaning gives an address of no use.
        let offset = Int(bitPattern: box &+ (point &- box) & isLeaf &- UInt(bitPattern: trees.boxes))
        let minima = UnsafeRawPointer(trees.boxes) + offset
        let width = 4 &* trees.shape.width &* Int(bitPattern: 1 &+ isLeaf)
        return Bounds(
            minima: minima.assumingMemoryBound(to: Float.self),
            maxima: (minima + width).assumingMemoryBound(to: Float.self)
        )
    }

    @inline(__always)
    private func makeNarrowBox(_ index: Int, _ left: Bounds, _ right: Bounds) {
        setNarrowBox(
            forest.trees.boxes + index &* forest.trees.shape.stride,
            smaller(load4(left.minima), load4(right.minima)),
            larger(load4(left.maxima), load4(right.maxima))
        )
    }

    @inline(__always)
    private func makeWideBox(_ index: Int, _ left: Bounds, _ right: Bounds) {
        let shape = forest.trees.shape
        let box = forest.trees.boxes + index &* shape.stride
        var place = 0
        while place < shape.dimensions {
            setWideBox(
                box,
                place,
                smaller(load8(left.minima + place), load8(right.minima + place)),
                larger(load8(left.maxima + place), load8(right.maxima + place))
            )
            place += 8
        }
    }

    @inline(__always)
    func setNarrowBox(_ box: UnsafeMutablePointer<Float>, _ minima: SIMD4<Float>, _ maxima: SIMD4<Float>) {
        let width = forest.trees.shape.width
        for dimension in 0..<BoxShape.narrowLimit where dimension < width {
            box[dimension] = minima[dimension]
            box[width + dimension] = maxima[dimension]
        }
    }

    /// Sets eight dimensions of a wide box; those past the last one to 0, whatever lies behind the points.
    @inline(__always)
    func setWideBox(
        _ box: UnsafeMutablePointer<Float>,
        _ first: Int,
        _ minima: SIMD8<Float>,
        _ maxima: SIMD8<Float>
    ) {
        let shape = forest.trees.shape
        let lanes = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7)
        // The sign bit of lane - left is set in the lanes that are dimensions.
        let mask = (lanes &- Int32(truncatingIfNeeded: shape.dimensions - first)) &>> 31
        let (minima, maxima) = (
            unsafeBitCast(minima, to: SIMD8<Int32>.self), unsafeBitCast(maxima, to: SIMD8<Int32>.self)
        )
        let place = UnsafeMutableRawPointer(box + first)
        place.storeBytes(of: minima & mask, as: SIMD8<Int32>.self)
        (place + 4 * shape.width).storeBytes(of: maxima & mask, as: SIMD8<Int32>.self)
    }
}
