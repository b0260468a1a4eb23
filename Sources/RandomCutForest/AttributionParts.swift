/// The sum of all trees' attributions, and that of one tree on the way, in memory that is used again.
///
/// The six rows are as long as a box is wide, at least 4; values past the dimensions stay 0 in sums that are read.
struct AttributionParts {
    let dimensions: Int
    private let width: Int
    private let highSum: UnsafeMutablePointer<Float>
    private let lowSum: UnsafeMutablePointer<Float>
    private let high: UnsafeMutablePointer<Float>
    private let low: UnsafeMutablePointer<Float>
    /// A box without the leaf that equals the point.
    private let minima: UnsafeMutablePointer<Float>
    private let maxima: UnsafeMutablePointer<Float>

    init(shape: BoxShape) {
        dimensions = shape.dimensions
        width = max(4, shape.width)
        highSum = .allocate(capacity: 6 * width)
        highSum.initialize(repeating: 0, count: 6 * width)
        lowSum = highSum + width
        high = lowSum + width
        low = high + width
        minima = low + width
        maxima = minima + width
    }

    func deallocate() { highSum.deallocate() }

    func clear() { highSum.update(repeating: 0, count: 2 * width) }

    /// The sums; arrays of the right size are used again.
    func write(to attribution: inout Attribution) {
        if attribution.high.count != dimensions || attribution.low.count != dimensions {
            attribution.high = Array(repeating: 0, count: dimensions)
            attribution.low = attribution.high
        }
        for dimension in 0..<dimensions {
            attribution.high[dimension] = Double(highSum[dimension])
            attribution.low[dimension] = Double(lowSum[dimension])
        }
    }

    @inline(__always)
    func addNarrow(high: SIMD4<Float>, low: SIMD4<Float>) {
        store(load4(highSum) + high, highSum)
        store(load4(lowSum) + low, lowSum)
    }

    @inline(__always)
    private func store(_ value: SIMD4<Float>, _ place: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(place).storeBytes(of: value, as: SIMD4<Float>.self)
    }

    func add(_ parts: DirectionalParts, times factor: Double) {
        for dimension in 0..<dimensions {
            highSum[dimension] += Float(parts.high[dimension] * factor)
            lowSum[dimension] += Float(parts.low[dimension] * factor)
        }
    }

    /// The parts of a leaf of a different point.
    @inline(__always)
    func start(_ point: UnsafePointer<Float>, _ leaf: UnsafePointer<Float>, score: Float) {
        for dimension in 0..<dimensions {
            high[dimension] = 0
            low[dimension] = 0
        }
        cut(point, leaf, leaf, score: score, separation: 1)
    }

    /// One step up.
    @inline(__always)
    func cut(
        _ point: UnsafePointer<Float>,
        _ minima: UnsafePointer<Float>,
        _ maxima: UnsafePointer<Float>,
        score: Float,
        separation: Float
    ) {
        var outside: Float = 0
        for dimension in 0..<dimensions {
            let value = point[dimension]
            outside += max(0, minima[dimension] - value) + max(0, value - maxima[dimension])
        }
        let share = separation * score
        let kept = 1 - separation
        // Each gap is divided, not multiplied with an inverse: gaps may be tiny.
        for dimension in 0..<dimensions {
            let value = point[dimension]
            high[dimension] = kept * high[dimension] + max(0, value - maxima[dimension]) / outside * share
            low[dimension] = kept * low[dimension] + max(0, minima[dimension] - value) / outside * share
        }
    }

    /// The parts of a leaf that equals the point, which tells nothing of directions; and a box of nothing.
    func startEvenly(score: Float) {
        let share = score / Float(2 * dimensions)
        for dimension in 0..<dimensions {
            high[dimension] = share
            low[dimension] = share
            minima[dimension] = .infinity
            maxima[dimension] = -.infinity
        }
    }

    /// One step up with the box grown by a sibling's. False where it contains the point.
    func cutWithoutLeaf(
        _ point: UnsafePointer<Float>,
        siblingMinima: UnsafePointer<Float>,
        siblingMaxima: UnsafePointer<Float>,
        score: Float
    ) -> Bool {
        var (outside, range): (Float, Float) = (0, 0)
        for dimension in 0..<dimensions {
            let value = point[dimension]
            minima[dimension] = min(minima[dimension], siblingMinima[dimension])
            maxima[dimension] = max(maxima[dimension], siblingMaxima[dimension])
            outside += max(0, minima[dimension] - value) + max(0, value - maxima[dimension])
            range += maxima[dimension] - minima[dimension]
        }
        guard outside > 0 else { return false }
        cut(point, minima, maxima, score: score, separation: outside / (range + outside))
        return true
    }

    /// Scales one tree's parts so that their sum is the score.
    func normalize(to score: Float) {
        var sum: Float = 0
        for dimension in 0..<dimensions { sum += high[dimension] + low[dimension] }
        let factor = score / sum
        for dimension in 0..<dimensions {
            high[dimension] *= factor
            low[dimension] *= factor
        }
    }

    /// Adds one tree's parts, multiplied with `factor`, to the sums.
    @inline(__always)
    func finish(_ factor: Float) {
        for dimension in 0..<dimensions {
            highSum[dimension] += high[dimension] * factor
            lowSum[dimension] += low[dimension] * factor
        }
    }
}
