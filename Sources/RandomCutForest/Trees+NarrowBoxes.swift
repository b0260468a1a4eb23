/// Boxes of up to four dimensions: one vector of minima, one of maxima.
///
/// The vectors' lanes from the number of dimensions on are what follows in memory, and are written back as they were.
extension Trees {
    /// Makes a box of what lies between two corners, and a point.
    @inline(__always)
    func setNarrowBox(
        _ tree: Int,
        _ pair: Int,
        _ minima: UnsafePointer<Float>,
        _ maxima: UnsafePointer<Float>,
        adding point: UnsafePointer<Float>
    ) {
        let value = load4(point)
        let low = smaller(value, load4(minima))
        let high = larger(value, load4(maxima))
        storeNarrow(low, high, box(tree, pair))
    }

    /// Writes a box; the lanes of `low` and `high` that are no dimensions do not matter.
    @inline(__always)
    func storeNarrow(_ low: SIMD4<Float>, _ high: SIMD4<Float>, _ box: UnsafeMutablePointer<Float>) {
        let maxima = box + shape.width
        // Read before the minima are written: those run over into the maxima, and with one dimension beyond.
        let after = unsafeBitCast(load4(maxima), to: SIMD4<UInt32>.self)
        let bits = unsafeBitCast(high, to: SIMD4<UInt32>.self)
        store4(low, box)
        let kept = after ^ ((after ^ bits) & shape.narrowMask)
        store4(unsafeBitCast(kept, to: SIMD4<Float>.self), maxima)
    }
}
