extension TreeBuilder {
    /// The corners of a box, or twice a point.
    struct Bounds {
        let minima: UnsafePointer<Float>
        let maxima: UnsafePointer<Float>
    }

    @inline(__always)
    func makeNarrowBox(_ box: UnsafeMutablePointer<Float>, _ left: Bounds, _ right: Bounds) {
        setNarrowBox(
            box,
            smaller(load4(left.minima), load4(right.minima)),
            larger(load4(left.maxima), load4(right.maxima))
        )
    }

    @inline(__always)
    func makeWideBox(_ box: UnsafeMutablePointer<Float>, _ left: Bounds, _ right: Bounds) {
        let shape = forest.trees.shape
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

    /// Sets a narrow box and nothing beside it: vectors may overlap, not reach out.
    @inline(__always)
    func setNarrowBox(_ box: UnsafeMutablePointer<Float>, _ minima: SIMD4<Float>, _ maxima: SIMD4<Float>) {
        switch forest.trees.shape.width {
        case 1:
            box[0] = minima[0]
            box[1] = maxima[0]
        case 2:
            store4(SIMD4(minima[0], minima[1], maxima[0], maxima[1]), box)
        case 3:
            store4(SIMD4(minima[0], minima[1], minima[2], maxima[0]), box)
            store4(SIMD4(minima[2], maxima[0], maxima[1], maxima[2]), box + 2)
        default:
            store4(minima, box)
            store4(maxima, box + 4)
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
