/// The way up of four lanes together, for points of one to four dimensions.
enum NarrowClimb<let dimensions: Int> {
    /// The query's first four values, each four times.
    private typealias Values = (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>)

    /// Takes the walk's first lanes up to where boxes contain the query: their scores, climbs and separations.
    ///
    /// Lanes are taken in fours, so those up to the next multiple of four must have gone down too.
    static func climb(lanes: Int, _ query: Query, _ walk: Walk, _ boxes: UnsafePointer<Float>) {
        let point = query.values
        let values = (fourTimes(point[0]), fourTimes(point[1]), fourTimes(point[2]), fourTimes(point[3]))
        var first = 0
        while first < lanes {
            store4(climbFour(first, values, walk, boxes), walk.scores + first)
            first &+= 4
        }
    }

    /// Takes four lanes up, as far as the boxes of any of them do not contain the point, and returns their scores.
    ///
    /// A lane that has arrived goes on to larger boxes, which contain the point too: there a cut separates with
    /// probability 0 and leaves the score as it is, bit for bit. So only the end of all four is tested, and the boxes of
    /// the next level are known before those of this level are compared.
    @inline(__always)
    private static func climbFour(
        _ first: Int,
        _ values: Values,
        _ walk: Walk,
        _ boxes: UnsafePointer<Float>
    ) -> SIMD4<Float> {
        let path = walk.path + first
        var separations = walk.separations + first
        let depths = load4(walk.depths + first)
        let up = fourTimes(Int32(truncatingIfNeeded: walk.rowLanes))
        var rows = depths &* up
        var levels = SIMD4<Float>(depths)
        var scores = 1 / (levels + 1)
        var climbs = SIMD4<Int32>()
        let one = fourTimes(Float(1))
        while true {
            @inline(__always) func box(_ lane: Int) -> UnsafeRawPointer {
                let row = Int(UInt32(bitPattern: rows[lane]))
                let pair = Int(path[row &+ lane] >> 1)
                return UnsafeRawPointer(boxes) + pair &* (8 &* dimensions)
            }
            let (outside, ranges) = gaps(box(0), box(1), box(2), box(3), values)
            let active = outside .> SIMD4()
            if !any(active) { break }
            climbs = climbs.replacing(with: climbs &+ 1, where: active)
            let separation = outside / (ranges + outside)
            store4(separation, separations)
            separations += walk.rowLanes
            // The box of the root is at level 1 here; a lane that has passed it stays at the infinite box of pair 0.
            levels = levels.replacing(with: one, where: levels .< one)
            scores = separation * (one / levels) + (one - separation) * scores
            levels -= one
            rows &-= up
            rows = rows & ~(rows &>> 31)
        }
        store4(climbs, walk.climbs + first)
        return scores
    }

    /// How far a point lies outside of each of four boxes, and the boxes' range sums.
    ///
    /// A box is as many times two values as it has dimensions, and two values are what a load takes to its place in
    /// a vector.
    @inline(__always)
    private static func gaps(
        _ first: UnsafeRawPointer,
        _ second: UnsafeRawPointer,
        _ third: UnsafeRawPointer,
        _ fourth: UnsafeRawPointer,
        _ values: Values
    ) -> (outside: SIMD4<Float>, range: SIMD4<Float>) {
        @inline(__always) func column(_ index: Int) -> SIMD4<Float> {
            let place = 4 &* (index & ~1)
            let low = loadPairs(first + place, second + place)
            let high = loadPairs(third + place, fourth + place)
            return index & 1 == 0
                ? SIMD4(low[0], low[2], high[0], high[2]) : SIMD4(low[1], low[3], high[1], high[3])
        }
        @inline(__always) func gap(
            _ dimension: Int,
            _ value: SIMD4<Float>
        ) -> (outside: SIMD4<Float>, range: SIMD4<Float>) {
            let (minimum, maximum) = (column(dimension), column(dimensions &+ dimension))
            return (larger(larger(minimum - value, value - maximum), SIMD4()), maximum - minimum)
        }
        var sum = gap(0, values.0)
        if dimensions > 1 {
            let next = gap(1, values.1)
            sum = (sum.outside + next.outside, sum.range + next.range)
        }
        if dimensions > 2 {
            var last = gap(2, values.2)
            if dimensions > 3 {
                let next = gap(3, values.3)
                last = (last.outside + next.outside, last.range + next.range)
            }
            sum = (sum.outside + last.outside, sum.range + last.range)
        }
        return sum
    }
}
