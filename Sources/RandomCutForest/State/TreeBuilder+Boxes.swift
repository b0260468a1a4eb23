/// The corners of a wide box, or twice a point.
struct WideBounds {
    let minima: UnsafePointer<Float>
    let maxima: UnsafePointer<Float>
}

extension TreeBuilder {
    @inline(__always)
    func setWideBox(
        _ box: UnsafeMutablePointer<Float>,
        _ shape: BoxShape,
        _ left: WideBounds,
        _ right: WideBounds
    ) {
        var place = 0
        while place < shape.dimensions {
            setWideBox(
                box,
                shape,
                place,
                smaller(load8(left.minima + place), load8(right.minima + place)),
                larger(load8(left.maxima + place), load8(right.maxima + place))
            )
            place += 8
        }
    }

    /// Sets a narrow box and nothing beside it: vectors may overlap, not reach out.
    @inline(__always)
    func setNarrowBox(
        _ box: UnsafeMutablePointer<Float>,
        _ width: Int,
        _ minima: SIMD4<Float>,
        _ maxima: SIMD4<Float>
    ) {
        switch width {
        case 1:
            box[0] = minima[0]
            box[1] = maxima[0]
        case 2:
            store4(SIMD4(minima[0], minima[1], maxima[0], maxima[1]), box)
        case 3:
            store4(minima, box)
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
        _ shape: BoxShape,
        _ first: Int,
        _ minima: SIMD8<Float>,
        _ maxima: SIMD8<Float>
    ) {
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
