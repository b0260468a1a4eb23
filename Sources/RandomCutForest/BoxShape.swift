/// How bounding boxes lie in memory, and how far a point is outside of one.
///
/// A narrow box, up to 4 dimensions, is its minima followed by its maxima, without gaps: 24 bytes for 3
/// dimensions. A wide box is padded with zeros to a multiple of 8 values each. The sum of a box's ranges is computed
/// when it is needed, from what was loaded for the gap: keeping it would take more memory, and save no time.
///
/// Sums are taken in one order everywhere, four or eight lanes and then a tree, so that every path through the code
/// gives the same bits.
struct BoxShape: Hashable {
    let dimensions: Int
    /// Values from one minimum to its maximum.
    let width: Int
    /// All bits set in the lanes of a narrow box that are dimensions.
    let narrowMask: SIMD4<UInt32>

    static let narrowLimit = 4

    init(dimensions: Int) {
        self.dimensions = dimensions
        width = dimensions <= Self.narrowLimit ? dimensions : (dimensions + 7) / 8 * 8
        var mask = SIMD4<UInt32>()
        for lane in 0..<min(4, dimensions) { mask[lane] = .max }
        narrowMask = mask
    }

    var isNarrow: Bool { dimensions <= Self.narrowLimit }
    var stride: Int { 2 * width }
}

extension BoxShape {
    /// How far the point lies outside of a wide box, summed over the dimensions.
    @inline(__always)
    static func wideGap(_ box: UnsafePointer<Float>, width: Int, _ point: UnsafePointer<Float>) -> Float {
        var sum = SIMD8<Float>()
        var place = 0
        while place < width {
            let value = load8(point + place)
            sum += positivePart(load8(box + place) - value) + positivePart(value - load8(box + width + place))
            place += 8
        }
        return laneSum(sum)
    }

    /// The sum of a wide box's ranges.
    @inline(__always)
    static func wideRange(_ box: UnsafePointer<Float>, width: Int) -> Float {
        var sum = SIMD8<Float>()
        var place = 0
        while place < width {
            sum += load8(box + width + place) - load8(box + place)
            place += 8
        }
        return laneSum(sum)
    }
}
